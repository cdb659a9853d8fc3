/** Thrown within an attack: the server did not do its ordinary work, so that neither *blocked* nor *open* would mean anything. */

/** The message is the evidence: never a credential. */
export class NothingProven extends Error {}
