import { v5 } from 'uuid';

/**
 * The namespace of Suivi's event ids (RFC 9562, section 5.5). It must never change, or facts would repeat.
 */
const NAMESPACE = 'a0c6a3a2-5f0b-5a7e-9c5d-3d1f1c9b7e42';

/** The id of a fact: the same event of the same business entity always has the same id. */
export const eventIdOf = (eventType: string, fact: string[]): string =>
  v5([eventType, ...fact].join(':'), NAMESPACE);
