export const STORES = ["replicatedLevelDB", "jdbc", "sharedKahaDB", "kahaDB"] as const;

export type StoreName = (typeof STORES)[number];
