/** The small middlewares that routes are made of, each named after what it sees to. */

import { bodyParser } from '@koa/bodyparser';
import type Koa from 'koa';
import { answerProblem } from './problems.ts';

/** Nothing under a strategy's mount is for any cache (RFC 9111 5.2.2.5). */
export const noStore: Koa.Middleware = function noStore(context, next) {
  context.set('Cache-Control', 'no-store');
  return next();
};

/**
 * Refuses connections without TLS. Credentials would travel in the clear, and cookies that demand a secure connection
 * could not be set; dropping that demand instead is the one thing this server never does.
 */
export const requireSecure: Koa.Middleware = function requireSecure(context, next) {
  if (context.secure) return next();
  answerProblem(context, 'plain-http-refused');
  return Promise.resolve();
};

/**
 * Proof that no other site made the browser send this request with the user's cookies. A browser tells where a request
 * comes from in Sec-Fetch-Site (Fetch Metadata), an older one in Origin (RFC 6454 7). A client that sends neither is
 * no browser, or so old that a foreign page can only make it send a form: it must name application/json, or use a
 * method that no form has.
 */
export const proveSameSite: Koa.Middleware = function proveSameSite(context, next) {
  if (isSameSite(context)) return next();
  answerProblem(context, 'cross-site-request');
  return Promise.resolve();
};

function isSameSite(context: Koa.Context): boolean {
  const { 'sec-fetch-site': fetchSite, origin } = context.headers;
  if (fetchSite !== undefined) return fetchSite === 'same-origin' || fetchSite === 'none';
  if (origin !== undefined) return origin === `${context.protocol}://${context.host}`;
  return isJson(context) || context.method === 'DELETE';
}

/**
 * A body of any other kind than JSON is refused unread. No body is fine: the handler knows whether it needs one. So is a
 * compressed one (RFC 9110 8.4): bodies here are short, and nobody unpacks for strangers what may not be what it says.
 */
export const requireJson: Koa.Middleware = function requireJson(context, next) {
  const { 'content-type': type, 'content-length': length, 'transfer-encoding': encoding } = context.headers;
  if (isEncoded(context)) {
    // RFC 9110 12.5.3: what would have been accepted.
    context.set('Accept-Encoding', 'identity');
    answerProblem(context, 'json-expected');
    return Promise.resolve();
  }
  const empty = encoding === undefined && (length === undefined || length === '0');
  if (isJson(context) || (empty && type === undefined)) return next();
  answerProblem(context, 'json-expected');
  return Promise.resolve();
};

function isEncoded(context: Koa.Context): boolean {
  const { 'content-encoding': encoding } = context.headers;
  return encoding !== undefined && encoding.toLowerCase() !== 'identity';
}

function isJson(context: Koa.Context): boolean {
  return context.request.type.toLowerCase() === 'application/json';
}

/** Reads a JSON body of at most 16 KiB; used only on routes that have one. */
export const readJson: Koa.Middleware = bodyParser({ enableTypes: ['json'], jsonLimit: '16kb' });
