/** What one request costs, as far as a test on a shared machine can tell. */

/**
 * Processor time of one request, by the server and by the test, in milliseconds: the best of several, because others
 * share this machine. What blocks the event loop for as long uses as much, so this bounds both.
 */
export async function costMillis(request: () => Promise<unknown>): Promise<number> {
  const costs: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const before = process.cpuUsage();
    await request();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  return Math.min(...costs);
}
