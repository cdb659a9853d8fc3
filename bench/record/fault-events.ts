/** What is recorded of faults: what was inflicted, and how every credential was answered meanwhile and in the end. */

import type { FaultName } from '../scenario/schema.ts';

export type { FaultName };

/**
 * One fault, from its beginning to the end of the watch. Moments in milliseconds since the lab began to inflict it, on
 * one clock.
 */
export interface FaultInflicted {
  readonly type: 'FaultInflicted';
  readonly at: string;
  readonly fault: FaultName;
  /** From 1. */
  readonly trial: number;
  readonly title: string;
  /** What is done, in a few words. */
  readonly deed: string;
  /** Of the security checklist, and of those who tell of the fault. */
  readonly source: string;
  readonly redis: FaultRedis;
  /** Whom it befalls: what everybody asks, or the first node alone. */
  readonly befalls: 'redis' | 'first-node';
  readonly nodes: number;
  /** What this configuration does not promise under it, in a sentence; null: it promises everything. */
  readonly concession: string | null;
  /** No node may take longer to answer: its calls to Redis are limited, and so is the wait of a strict logout. */
  readonly deadlineMillis: number;
  /** The longest answer to a request that asks nobody, of a node that was not stopped: so much the machine itself may add. */
  readonly machineMillis: number;
  /** When the fault stood. */
  readonly stoodMillis: number;
  /** When its cause was being taken away, and when it was gone. */
  readonly endingMillis: number;
  readonly endedMillis: number;
  /** When the last request of the watch was sent, at the latest. */
  readonly watchedMillis: number;
}

export interface FaultRedis {
  readonly topology: 'one' | 'sentinel' | 'cluster';
  /** How many of them must confirm each write. */
  readonly replicas: number;
  readonly appendfsync: 'everysec' | 'always';
}

/** One contestant under one fault. Moments as in `FaultInflicted`. */
export interface FaultObserved {
  readonly type: 'FaultObserved';
  readonly at: string;
  readonly fault: FaultName;
  readonly trial: number;
  readonly contestant: string;
  /** B; null where it is the remaining lifetime. */
  readonly boundMillis: number | null;
  readonly promises: FaultPromises;
  /** Every one that was issued before the fault. */
  readonly credentials: readonly CredentialUnderFault[];
  /** Logins after the fault, until one held. */
  readonly newcomer: {
    /** How many were accepted; those before the last gave a credential that a node then called invalid. */
    readonly logins: number;
    /** When every node let the newcomer in. Null: it never came to that. */
    readonly acceptedMillis: number | null;
  };
}

/** What the configuration promises of this contestant under this fault. */
export interface FaultPromises {
  /** Nobody is let in later than B after an acknowledged logout. */
  readonly refusesRevoked: boolean;
  /** An acknowledged logout holds when the fault is over. */
  readonly losesNothing: boolean;
  /** Who has not logged out is never told that the credential is invalid (401). */
  readonly keepsValid: boolean;
}

export interface CredentialUnderFault {
  readonly part: 'valid' | 'revoked-before' | 'revoked-during';
  /** Null: it was never sent. */
  readonly logout: {
    readonly node: number;
    readonly sentMillis: number;
    readonly answeredMillis: number;
    /** 0: there was no answer. */
    readonly status: number;
    /** Its node was stopped meanwhile: how long the answer took says nothing of it. */
    readonly waited: boolean;
  } | null;
  /** Of each node; empty where it was only asked in the end. */
  readonly answers: readonly NodeAnswers[];
  /** The last word of each node after the fault. */
  readonly final: readonly number[];
  /** How a refresh was answered in the end; null where nothing is refreshed. */
  readonly refreshStatus: number | null;
}

export interface NodeAnswers {
  readonly node: number;
  /** In their order. */
  readonly streaks: readonly AnswerStreak[];
  /** From a request to the end of its answer; those that waited in a node that was stopped count apart. */
  readonly longestMillis: number;
  readonly longestWhileStoppedMillis: number | null;
  /** Between two requests sent one after the other. */
  readonly longestGapMillis: number;
}

/**
 * Answers in a row with the same status. One ends at the beginning of the fault and at its end, and of a credential that
 * was logged out, at the acknowledgement and when the bound has passed.
 */
export interface AnswerStreak {
  /** 0: no answer. */
  readonly status: number;
  readonly count: number;
  /**
   * When the first and the last of them were sent. What was sent to a node that was stopped counts from when it went on:
   * it has decided nothing before.
   */
  readonly firstMillis: number;
  readonly lastMillis: number;
}

/** A fault that this machine does not have the means for, or that did not come about. */
export interface FaultNotRun {
  readonly type: 'FaultNotRun';
  readonly at: string;
  readonly fault: FaultName;
  readonly trial: number;
  readonly title: string;
  readonly deed: string;
  readonly source: string;
  /** With the remedy, where there is one. */
  readonly reason: string;
}
