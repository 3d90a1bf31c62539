/** Who acts, until there are roles: said by the caller, believed, and kept in the history. */
export const ACTING_USER = {
  name: 'X-DuoFactory-User',
  required: false,
  description: 'Who it is; beyond ASCII percent-encoded UTF-8; default: local',
};
