/** Two questions about a request that may have to be sent twice: can it be, and does anybody still wait for it. */

/** Whether a body is the same at every reading. What streams it has to offer is used up by the first. */
export function isResendable(body: RequestInit['body']): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return true;
  return body instanceof Blob || body instanceof FormData || body instanceof URLSearchParams;
}

/** As the promise, unless the signal fires first: then rejects with its reason. What was waited for goes on. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (signal === null || signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    const stop = (): void => signal.removeEventListener('abort', abort);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(stop);
  });
}
