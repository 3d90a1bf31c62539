import { Type } from 'typebox';

/** What the operations answer, as it arrives. */
export const PreviewedPrompt = Type.Object(
  {
    prompt: Type.String({ description: '`id@version`; version 0: it is not published' }),
    calls: Type.Array(
      Type.Object({
        step: Type.String({ description: '`step 3`, or `answer` for the last' }),
        request: Type.Unknown({ description: 'The exact body, images only named' }),
      }),
    ),
  },
  { title: 'PreviewedPrompt' },
);
