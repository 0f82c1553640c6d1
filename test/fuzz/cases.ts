/** How many random cases each property gets; `npm run fuzz` sets 100,000. */
export const cases = Number(process.env.VMCP_FUZZ_CASES ?? 1000);

/** Enough for all cases on a slow machine, in milliseconds. */
export const patienceMs = 60_000 + cases * 60;
