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
