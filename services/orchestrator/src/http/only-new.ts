export const ONLY_NEW = {
  name: 'If-None-Match',
  required: false,
  schema: { type: 'string' },
  description: '`*`: only if there is none of this id yet',
};

export const isOnlyNew = (ifNoneMatch: string | undefined): boolean => ifNoneMatch?.trim() === '*';
