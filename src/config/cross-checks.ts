/** Settings that contradict each other, or that leave a server nobody could use. */

import type { Config } from '../config.ts';
import type { Complain } from './reading.ts';

type Checked = Pick<
  Config,
  | 'host'
  | 'plainHttp'
  | 'beatIntervalMillis'
  | 'stalenessLimitMillis'
  | 'accessTokenLifetimeSeconds'
  | 'inactivityTimeoutSeconds'
  | 'absoluteLifetimeSeconds'
  | 'refreshGraceSeconds'
  | 'loginFailuresPerUserAndAddress'
  | 'loginFailuresPerAddress'
>;

export function crossCheck(config: Checked, complain: Complain): void {
  const { beatIntervalMillis: beat, stalenessLimitMillis: staleness } = config;
  if (beat >= staleness) {
    complain(
      ['beatIntervalMillis', 'stalenessLimitMillis'],
      `beatIntervalMillis (${beat}) must be less than stalenessLimitMillis (${staleness}), or no node is ever fresh`,
    );
  }
  const { accessTokenLifetimeSeconds: access, inactivityTimeoutSeconds: inactivity } = config;
  const { absoluteLifetimeSeconds: absolute, refreshGraceSeconds: grace } = config;
  if (access > inactivity) {
    complain(
      ['accessTokenLifetimeSeconds', 'inactivityTimeoutSeconds'],
      `accessTokenLifetimeSeconds (${access}) must not exceed inactivityTimeoutSeconds (${inactivity})`,
    );
  }
  if (inactivity > absolute) {
    complain(
      ['inactivityTimeoutSeconds', 'absoluteLifetimeSeconds'],
      `inactivityTimeoutSeconds (${inactivity}) must not exceed absoluteLifetimeSeconds (${absolute})`,
    );
  }
  if (grace > access) {
    complain(
      ['refreshGraceSeconds', 'accessTokenLifetimeSeconds'],
      `refreshGraceSeconds (${grace}) must not exceed accessTokenLifetimeSeconds (${access})`,
    );
  }
  const { loginFailuresPerUserAndAddress: perUser, loginFailuresPerAddress: perAddress } = config;
  if (perUser > perAddress) {
    complain(
      ['loginFailuresPerUserAndAddress', 'loginFailuresPerAddress'],
      `loginFailuresPerUserAndAddress (${perUser}) must not exceed loginFailuresPerAddress (${perAddress})`,
    );
  }
  if (config.plainHttp === 'loopback' && !isLoopbackHost(config.host)) {
    complain(['plainHttp', 'host'], `plainHttp loopback needs a loopback host, not ${config.host}`);
  }
}

export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
