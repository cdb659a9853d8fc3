/** What a login or refresh answers with, in OAuth 2.0's names (RFC 6749 5.1). Refresh tokens travel in cookies alone. */

import type { Grant } from '../../strategies/strategy.ts';

export interface GrantBody {
  readonly token_type: 'Bearer' | 'Cookie';
  readonly expires_in: number;
  readonly access_token?: string;
}

export function grantBody({ tokenType, expiresInSeconds, accessToken }: Grant): GrantBody {
  return {
    token_type: tokenType,
    expires_in: expiresInSeconds,
    ...(accessToken === undefined ? {} : { access_token: accessToken }),
  };
}
