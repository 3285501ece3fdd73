/**
 * The parent of this process as it was at the very start: imported first, so that one that ends early is noticed later.
 */
export const startedBy = process.ppid;
