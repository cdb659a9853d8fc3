/**
 * Keeps this process from falling asleep between two answers. Whoever writes to a sleeping process wakes it, and pays for
 * that: on a virtual machine, where a core that has nothing to do is given back, some 14 microseconds more a request. The
 * dearer a check, the longer the load generator sleeps meanwhile, so that part of its cost was that of waking the generator.
 * Answers that leave together wake it once: so a look-up, after which they do, seemed to cost less than nothing. Where the
 * generator shares a core with Redis, Redis must come first (`planWaiting`), or it spends half as much again on a look-up.
 */

let idleMillis = 0;

/** Milliseconds of this process in turns of its event loop that brought nothing, while it was kept awake. */
export function idleAwakeMillis(): number {
  return idleMillis;
}

/**
 * The event loop goes round without waiting, until the returned function is called.
 *
 * @param progress grows with every piece of work that a turn of the loop brings
 */
export function keepAwake(progress: () => number): () => void {
  let isAwake = true;
  let seen = progress();
  let since = performance.now();
  const turn = (): void => {
    const now = performance.now();
    const reached = progress();
    if (reached === seen) idleMillis += now - since;
    seen = reached;
    since = now;
    if (isAwake) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isAwake = false;
  };
}
