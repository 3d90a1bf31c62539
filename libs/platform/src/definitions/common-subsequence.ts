import imported from '@jest/diff-sequences';

/**
 * Tells the runs of a longest common subsequence: how long, and where they begin in each list. The package's types
 * describe its CommonJS form, whose default is one level deeper than that of the module which Node loads.
 */
export const commonSubsequence = imported as unknown as typeof imported.default;
