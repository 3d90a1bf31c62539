import { Type, type Static } from 'typebox';

/** Who works on an attempt, and since when: for people who look at a run. */
export const attemptWork = {
  worker: Type.Optional(
    Type.String({
      maxLength: 200,
      pattern: '^[^\\u0000]*$',
      description: 'Names the process, such as media@host/17',
    }),
  ),
  begunAt: Type.Optional(Type.String({ format: 'date-time', description: 'When work on the attempt began' })),
};

export interface AttemptWork {
  readonly worker?: Static<(typeof attemptWork)['worker']>;
  readonly begunAt?: string;
}
