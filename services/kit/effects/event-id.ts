import { v5 } from 'uuid';

/** The name space of Suivi's event ids (RFC 9562, section 5.5): never to be changed, or facts would repeat. */
const NAMESPACE = 'a0c6a3a2-5f0b-5a7e-9c5d-3d1f1c9b7e42';

/** The id of a fact: the same event of the same business entity has the same id, however often it is told. */
export const eventIdOf = (eventType: string, fact: string[]): string =>
  v5([eventType, ...fact].join(':'), NAMESPACE);
