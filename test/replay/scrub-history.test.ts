import { historyText, scrubHistory } from './scrub-history.ts';

const payload = (content: unknown) => ({
  metadata: { encoding: 'anNvbi9wbGFpbg==' },
  data: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64'),
});

test('people and processes are replaced in payloads and failures, what replay looks at stays', () => {
  const history = {
    events: [
      {
        eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED',
        identity: 'operator@laptop',
        stickyTaskQueue: '4711@build-7.example-abc',
        input: payload({ clientId: 'c-1', nom: 'Durand', prenom: '', email: 'anne@durand.fr', n: [1, null] }),
        summary: payload('written to anne@durand.fr'),
        failure: { message: 'Durand <anne@durand.fr> refused', stackTrace: 'at /home/anne/x.ts:1' },
        version: '@temporalio/worker@1.24.0+abc',
        bytes: { metadata: {}, data: Buffer.from([0xff, 0xfe]).toString('base64') },
      },
    ],
  };
  const scrubbed = scrubHistory(history);
  const [event] = scrubbed.events;
  expect(event).toEqual({
    ...history.events[0],
    identity: 'worker@host',
    stickyTaskQueue: 'worker@host',
    input: payload({
      clientId: 'c-1',
      nom: 'Nom',
      prenom: '',
      email: 'personne@example.invalid',
      n: [1, null],
    }),
    summary: payload('written to personne@example.invalid'),
    failure: { message: 'Nom <personne@example.invalid> refused', stackTrace: '' },
  });
  expect(historyText(history)).toContain('"nom":"Durand"');
});

test('accounts, telephone numbers and the names of users are replaced, also in what is said of them', () => {
  const said = { who: 'anne.durand', why: 'compte FR76 3000 6000 0112 3456 7890 189, tél. +33612345678' };
  const history = {
    events: [
      {
        eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
        input: payload({ ...said, montant: '120000', prochaineAt: '2026-06-16T07:00:00.000Z' }),
        summary: payload('mise en pause, par anne.durand'),
        mandate: payload({ titulaire: 'Anne Durand', iban: 'FR7630006000011234567890189', rum: 'RUM-1' }),
        bank: 'DE89370400440532013000',
        test: payload({ who: 'alice' }),
      },
    ],
  };
  expect(scrubHistory(history).events[0]).toEqual({
    ...history.events[0],
    input: payload({
      who: 'operateur-1',
      why: 'compte IBAN, tél. +33000000000',
      montant: '120000',
      prochaineAt: '2026-06-16T07:00:00.000Z',
    }),
    summary: payload('mise en pause, par operateur-1'),
    mandate: payload({ titulaire: 'Titulaire', iban: 'IBAN', rum: 'RUM-1' }),
    bank: 'IBAN',
  });
  expect(scrubHistory(scrubHistory(history))).toEqual(scrubHistory(history));
});
