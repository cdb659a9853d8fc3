/** A promise that is settled from elsewhere (`Promise.withResolvers`, which Node 20 lacks). */

export interface Deferred<T> {
  readonly promise: Promise<T>;
  /** Only the first call to either counts. */
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
