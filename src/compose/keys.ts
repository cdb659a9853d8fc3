/** The keys of a server as its configuration has them: the ring, and the signing keys that its strategies need. */

import type { KeyObject } from 'node:crypto';
import type { CommandContext } from '../application/context.ts';
import type { Config } from '../config.ts';
import { hmacSha256 } from '../kernel/digest.ts';
import { type AlgorithmName, algorithms } from '../keys/algorithms.ts';
import { KeyRing, type RootSecrets, type SignatureKey, signatureKey } from '../keys/key-ring.ts';
import { sharedSigningKeys } from '../projections/inline/signing-keys-state.ts';
import { parseStrategyName } from '../strategies/registry.ts';
import { NodeSigningKeys, type SigningKeysDiagnostic } from './signing-keys.ts';

export interface ServerKeys {
  readonly ring: KeyRing;
  /** Null where no strategy signs anything. */
  readonly signing: NodeSigningKeys | null;
}

/**
 * Fills the ring from the log. A server that makes up its secret shares its keys with nobody: they stand in a stream of
 * its own, where they disturb no node that has a secret. Throws as `NodeSigningKeys.open`, and has closed the log then.
 */
export async function openKeys(
  config: Config,
  context: CommandContext,
  tell: (diagnostic: SigningKeysDiagnostic) => void,
): Promise<ServerKeys> {
  const ring = new KeyRing(rootSecretsOf(config) ?? { secret: context.random(32) });
  const needed = algorithmsOf(config.strategies);
  if (needed.length === 0) return { ring, signing: null };
  const ownStream = () => `${sharedSigningKeys}:${context.random(16).toString('base64url')}`;
  const stream = config.secret === null ? ownStream() : sharedSigningKeys;
  const { realm, stalenessLimitMillis } = config;
  const keysContext = { ...context, stream, stalenessLimitMillis };
  try {
    const given = givenKeys(config);
    const sizes = { hs256: config.hmacKeyBits, rs256: config.rsaKeyBits, ps256: config.rsaKeyBits };
    const signing = await NodeSigningKeys.open({ context: keysContext, ring, needed, given, sizes, realm, tell });
    return { ring, signing };
  } catch (error) {
    await context.log.close();
    throw error;
  }
}

/** Null where the server makes up its own. */
export function rootSecretsOf({ secret, previousSecret }: Config): RootSecrets | null {
  if (secret === null) return null;
  return {
    secret: secret.export(),
    ...(previousSecret === null ? {} : { previousSecret: previousSecret.export() }),
  };
}

function algorithmsOf(strategies: readonly string[]): readonly AlgorithmName[] {
  const names = strategies.flatMap((name) => {
    const parsed = parseStrategyName(name);
    return parsed.ok && parsed.value.algorithm !== undefined ? [parsed.value.algorithm] : [];
  });
  return [...new Set(names)];
}

function givenKeys({ privateKeys }: Config): readonly SignatureKey[] {
  return Object.entries(privateKeys).map(([name, key]) =>
    signatureKey(algorithms[name as AlgorithmName], key, {
      place: key.type === 'secret' ? `${name}Key` : `${name}PrivateKey`,
      ...(key.type === 'secret' && { sharedKid: nameOfShared(key) }),
    }),
  );
}

/** The same at every node that is given the key, and telling nothing of it. */
function nameOfShared(key: KeyObject): string {
  return hmacSha256(key.export(), 'authlab/kid');
}
