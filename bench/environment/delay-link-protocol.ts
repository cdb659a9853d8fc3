/**
 * What the lab and its delay link say to each other: commands, one JSON object a line, over the link's Unix socket; answers,
 * the same way, on its standard output, where they stay in the run's folder as the link's log.
 */

/** Where the link listens for the lab. */
export const linkSocketVariable = 'AUTHLAB_LINK_SOCKET';
/** Host and port of what lies behind it; neither user nor password. */
export const linkTargetHostVariable = 'AUTHLAB_LINK_TARGET_HOST';
export const linkTargetPortVariable = 'AUTHLAB_LINK_TARGET_PORT';

export interface LinkCommand {
  readonly id: number;
  /** To a round trip: half of it each way. */
  readonly addedMillis: number;
}

export type LinkAnswer =
  /** It passes connections on, and listens for commands. */
  | { readonly event: 'listening'; readonly port: number }
  /** The command is carried out, and whatever was under way before it has arrived. */
  | { readonly event: 'added'; readonly id: number; readonly addedMillis: number };
