/** `GET /profile`: the protected resource, and the measured path. Nothing stands here that a request could do without. */

import { principalOf } from '../authenticated.ts';
import type { StrategyMiddleware } from '../strategy-context.ts';

export const profile: StrategyMiddleware = async function profile(context) {
  const { sub, sid, roles } = principalOf(context);
  context.body = { sub, sid, roles };
};
