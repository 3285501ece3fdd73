/** Whether a bearer token is to be believed, and whose it is (contract 1.4). */
import type { VerifyingKey } from './key.ts';
import { type ReadToken, readToken } from './token.ts';
import type { User, Users } from './users.ts';

/** Why a token was refused, in words that the clients show their users (contract 1.5). */
export type Refusal =
  | 'no bearer token'
  | 'malformed token'
  | 'unsupported algorithm'
  | 'unknown key'
  | 'bad signature'
  | 'wrong issuer'
  | 'wrong audience'
  | 'token without expiry'
  | 'token expired'
  | 'token not yet valid';

/** What tokens are held against. */
export interface Trust {
  readonly issuer: string;
  readonly audience: string;
  readonly users: Users;
  /** The gateway's own key: it signs the tokens inside messages to jobs and daemons (contract 4.4). */
  readonly own?: VerifyingKey;
}

/** A believed token's owner. */
export interface Identity {
  readonly username: string;
  /** Absent when the file of users does not know him any more. */
  readonly user: User | undefined;
  /** Signed by the gateway itself, for one activation of one project. */
  readonly isOwn: boolean;
  readonly project: string | undefined;
  readonly activationId: string | undefined;
}

/** Leeway for `nbf`: the clients put their own clock into it. */
const notBeforeLeewayMs = 60_000;

/** The token's owner, or why it is refused. `now`: epoch ms. */
export function verifyToken(text: string, trust: Trust, now: number): Identity | Refusal {
  const known = believedOf(trust.users);
  const before = known.get(text);
  const signed = before && before.own === trust.own ? before : signedBy(text, trust);
  if (typeof signed === 'string') return signed;
  const { claims, username, signer } = signed;
  const refusal = claimsRefusal(claims, trust, now);
  if (refusal !== undefined) return refusal;
  if (signed !== before) known.set(text, signed);
  return identityOf(claims, username, signer);
}

/** A token whose signature was right: what was signed and by whom does not change, unlike the time. */
interface Signed {
  readonly claims: ReadToken['claims'];
  readonly username: string;
  readonly signer: Signer;
  readonly own: VerifyingKey | undefined;
}

/**
 * Tokens that were believed, by their whole text, for as long as the users are the same: clients send each some dozen
 * times, jobs for hours, and a signature takes longer to check than most requests to answer. When it is full it begins
 * anew.
 */
const believed = new WeakMap<Users, Map<string, Signed>>();
const believedMaximum = 1_000;

function believedOf(users: Users): Map<string, Signed> {
  const known = believed.get(users);
  if (known && known.size < believedMaximum) return known;
  const empty = new Map<string, Signed>();
  believed.set(users, empty);
  return empty;
}

function signedBy(text: string, trust: Trust): Signed | Refusal {
  const token = readToken(text);
  if (!token) return 'malformed token';
  // `crit` names extensions that must be understood (RFC 7515, 4.1.11), and none is.
  if (token.header.alg !== 'EdDSA' || token.header.crit !== undefined) return 'unsupported algorithm';
  const { sub } = token.claims;
  if (typeof sub !== 'string' || sub === '') return 'unknown key';
  const signer = signerOf(token, sub, trust);
  if (typeof signer === 'string') return signer;
  return { claims: token.claims, username: sub, signer, own: trust.own };
}

interface Signer {
  readonly user: User | undefined;
  readonly isOwn: boolean;
}

/**
 * The key is found by `kid` (as the user wrote it, or the thumbprint), else by `sub`. A key opens its owner's door
 * alone: a token in another's name is signed by an unknown key.
 */
function signerOf({ header, signed, signature }: ReadToken, sub: string, trust: Trust): Signer | Refusal {
  const { kid } = header;
  const { users, own } = trust;
  const user = users.byName.get(sub);
  if (own && kid === own.thumbprint) {
    return own.verifies(signed, signature) ? { user, isOwn: true } : 'bad signature';
  }
  const named = typeof kid === 'string' ? user?.keys.get(kid) : undefined;
  if (named) return named.verifies(signed, signature) ? { user, isOwn: false } : 'bad signature';
  const tried = [...(user?.keys.values() ?? [])];
  return tried.some((key) => key.verifies(signed, signature)) ? { user, isOwn: false } : 'unknown key';
}

function claimsRefusal(claims: ReadToken['claims'], trust: Trust, now: number): Refusal | undefined {
  const { iss, aud, exp, nbf } = claims;
  if (iss !== trust.issuer) return 'wrong issuer';
  if (aud !== trust.audience && !(Array.isArray(aud) && aud.includes(trust.audience))) return 'wrong audience';
  if (typeof exp !== 'number' || !Number.isFinite(exp)) return 'token without expiry';
  if (exp * 1000 <= now) return 'token expired';
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1000 <= now + notBeforeLeewayMs)) {
    return 'token not yet valid';
  }
  return undefined;
}

function identityOf(claims: ReadToken['claims'], username: string, { user, isOwn }: Signer): Identity {
  const text = (name: string) => (isOwn && typeof claims[name] === 'string' ? claims[name] : undefined);
  return { username, user, isOwn, project: text('projectId'), activationId: text('activationId') };
}
