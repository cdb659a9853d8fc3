/** What the lab and its load generator say to each other: one JSON object a line over a Unix socket, each answered once. */

import type { OwnTurning } from './alternate.ts';
import type { LoadResult, LoadTarget } from './closed-loop.ts';
import type { CredentialHeaders } from './credential-pool.ts';
import type { OpenLoopResult, OpenLoopTarget } from './open-loop.ts';

/** The generator finds the lab's socket in this environment variable. */
export const generatorSocketVariable = 'AUTHLAB_GENERATOR_SOCKET';

/** A load that draws on credentials handed over before under a key. */
export interface KeyedTarget extends LoadTarget {
  readonly credentialsKey: string;
}

/** A closed-loop window over one target. */
export interface WindowCommand extends KeyedTarget {
  readonly durationMillis: number;
}

/** An open-loop window over one target. */
export interface OpenLoopCommand extends OpenLoopTarget {
  readonly credentialsKey: string;
}

export type GeneratorCommand =
  /** Keeps credentials under a key, in place of those it had. */
  | { readonly type: 'keep-credentials'; readonly key: string; readonly credentials: readonly CredentialHeaders[] }
  | { readonly type: 'forget-credentials'; readonly key: string }
  | { readonly type: 'run-window'; readonly window: WindowCommand }
  | { readonly type: 'run-open-loop'; readonly window: OpenLoopCommand }
  /** A load on every target at once, until it is stopped. Answered when every connection has had its first answer. */
  | {
      readonly type: 'start-load';
      readonly targets: readonly KeyedTarget[];
      /** They connect, and then send nothing until it is their turn. */
      readonly held?: boolean;
    }
  /** The targets of a held load send by turns, in their order. Answered when all are held again. */
  | ({ readonly type: 'alternate' } & OwnTurning)
  /** Answered with what each target did, in the order they were given. */
  | { readonly type: 'stop-load' };

export interface GeneratorRequest {
  readonly id: number;
  readonly command: GeneratorCommand;
}

export type GeneratorAnswer =
  | {
      readonly id: number;
      readonly ok: true;
      readonly results: readonly LoadResult[];
      readonly openLoop?: OpenLoopResult;
      /** Of each target, in this alternation. */
      readonly sendingMillis?: readonly number[];
    }
  /** The sentence holds no credential. */
  | { readonly id: number; readonly ok: false; readonly message: string };
