/** One exchange of credentials at a time: over all tabs of a browser by Web Locks, else within this client. */

/** As much of `navigator.locks` (Web Locks API) as is needed here. */
export interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Runs `work` when no other work of the same kind runs, and answers as it does. */
export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

/** By the locks given; null: one after the other in the order of the calls, for as far as this function is shared. */
export function exclusively(locks: Locks | null, name: string): Exclusive {
  if (locks !== null) return (work) => locks.request(name, () => work());
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(
      () => work(),
      () => work(),
    );
    last = turn;
    return turn;
  };
}

/**
 * The locks of a browser, or null. Newer versions of Node have locks too, but there one process speaks for many users,
 * each with a jar of their own, who need not wait for one another: only a browser says that its context is secure.
 */
export function browserLocks(): Locks | null {
  const { isSecureContext, navigator } = globalThis as {
    readonly isSecureContext?: boolean;
    readonly navigator?: { readonly locks?: Locks };
  };
  return isSecureContext === true ? (navigator?.locks ?? null) : null;
}
