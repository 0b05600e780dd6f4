import { randomUUID } from 'node:crypto';
import { tellInvoiceReminder } from '@crm/workers/follow-ups/start-invoice-reminder';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { AMOUNT } from '../../support/ground.ts';
import { daysAgo, importInvoices } from '../../support/import-invoices.ts';
import type { Story } from '../stage.ts';
import { refusedReminder, remindedInvoice } from './reminded-invoice.ts';

export const INVOICE_REMINDER_STORIES: Story[] = [
  {
    cases: [
      'invoiceReminder/waiting',
      'invoiceReminder/paused-until-a-day',
      'invoiceReminder/resumed',
      'invoiceReminder/cancelled',
    ],
    async play(stage, keep) {
      const { id, workflowId } = await remindedInvoice(stage, ['P15D']);
      const { relances } = stage.services;
      await keep('invoiceReminder/waiting', workflowId);
      await relances.pause({ id, motif: 'promesse de paiement', jusquAu: '2098-06-20' });
      await stage.says(workflowId, 'en pause');
      await keep('invoiceReminder/paused-until-a-day', workflowId);
      await relances.resume({ id });
      await stage.says(workflowId, 'prévue');
      await keep('invoiceReminder/resumed', workflowId);
      await relances.cancel({ id, motif: 'litige' });
      await stage.completed(workflowId);
      await keep('invoiceReminder/cancelled', workflowId);
    },
  },
  {
    // a command for the version that was seen, and one that was overtaken
    cases: ['invoiceReminder/of-a-version'],
    async play(stage, keep) {
      const { id, workflowId } = await remindedInvoice(stage, ['P15D']);
      const { relances } = stage.services;
      const { version: versionAttendue } = await relances.get({ id });
      const pause = { id, motif: 'litige', versionAttendue };
      await Promise.allSettled([relances.pause(pause), relances.pause(pause)]);
      await stage.says(workflowId, 'en pause');
      await keep('invoiceReminder/of-a-version', workflowId);
    },
  },
  {
    // of before Suivi: one level lies in the past, or every one does
    cases: ['invoiceReminder/adopted', 'invoiceReminder/adopted-too-late'],
    async play(stage, keep) {
      const whose = await stage.createClient();
      await stage.addLevel(whose.organisationId, 1, 'P15D');
      await stage.addLevel(whose.organisationId, 2, 'P90D');
      const adoption = { who: 'operateur-1', at: new Date().toISOString() };
      for (const [numero, days] of [
        ['ANC-1', 30],
        ['ANC-2', 120],
      ] as const) {
        const [id] = await importInvoices(stage.stack, [{ ...whose, numero, issued: daysAgo(days) }]);
        const invoice = await stage.services.factures.get({ id });
        const of = { correlationId: randomUUID(), adoption };
        const { workflowId } = await tellInvoiceReminder(stage.temporal, 'invoice.created', invoice, of);
        if (numero === 'ANC-1') {
          await stage.sleeps(workflowId, 1);
          await keep('invoiceReminder/adopted', workflowId);
        } else {
          await stage.completed(workflowId);
          await keep('invoiceReminder/adopted-too-late', workflowId);
        }
      }
    },
  },
  {
    cases: ['invoiceReminder/paused'],
    async play(stage, keep) {
      const { id, workflowId } = await remindedInvoice(stage, ['P15D']);
      await stage.services.relances.pause({ id, motif: 'litige' });
      await stage.says(workflowId, 'jusqu’à nouvel ordre');
      await keep('invoiceReminder/paused', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/first-sent', 'invoiceReminder/all-sent'],
    async play(stage, keep) {
      const { workflowId } = await remindedInvoice(stage, ['PT3S', 'PT8S']);
      await stage.sleeps(workflowId, 2);
      await keep('invoiceReminder/first-sent', workflowId);
      await stage.completed(workflowId);
      await keep('invoiceReminder/all-sent', workflowId);
    },
  },
  {
    cases: [
      'invoiceReminder/sent-now',
      'invoiceReminder/level-skipped',
      'invoiceReminder/last-level-skipped',
    ],
    async play(stage, keep) {
      const { id, workflowId } = await remindedInvoice(stage, ['P15D', 'P30D', 'P45D']);
      const { relances } = stage.services;
      await relances.sendNow({ id, motif: 'le client le demande' });
      await stage.says(workflowId, 'J+30');
      await keep('invoiceReminder/sent-now', workflowId);
      await relances.skip({ id, motif: 'accord' });
      await stage.says(workflowId, 'J+45');
      await keep('invoiceReminder/level-skipped', workflowId);
      await relances.skip({ id, motif: 'accord' });
      await stage.completed(workflowId);
      await keep('invoiceReminder/last-level-skipped', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/migrated', 'invoiceReminder/migrated-and-ended'],
    async play(stage, keep) {
      const { id, organisationId, workflowId } = await remindedInvoice(stage, ['P15D', 'P30D']);
      const { relances } = stage.services;
      await relances.sendNow({ id });
      await stage.says(workflowId, 'J+30');
      const second = (await stage.regles.list({ organisationId })).regles.find(({ niveau }) => niveau === 2)!;
      await stage.regles.update({ id: second.id, delai: 'P40D' });
      await relances.migrer({ id, motif: 'nouvelles conditions' });
      await stage.says(workflowId, 'J+40');
      await keep('invoiceReminder/migrated', workflowId);
      await stage.regles.update({ id: second.id, actif: false });
      await relances.migrer({ id, motif: 'plus de deuxième relance' });
      await stage.completed(workflowId);
      await keep('invoiceReminder/migrated-and-ended', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/part-paid', 'invoiceReminder/settled', 'invoiceReminder/rearmed'],
    async play(stage, keep) {
      const { payments } = stage.services;
      const { id, workflowId, ...whose } = await remindedInvoice(stage, ['P15D']);
      const { organisationId, clientId } = whose;
      const pay = async (montant: bigint) => {
        const payment = await payments.create({ organisationId, clientId, invoiceId: id, montant });
        return await payments.confirm({ id: payment.id });
      };
      await pay(AMOUNT / 4n);
      await stage.sleeps(workflowId, 2);
      await keep('invoiceReminder/part-paid', workflowId);
      const rest = await pay((AMOUNT * 3n) / 4n);
      await stage.completed(workflowId);
      await keep('invoiceReminder/settled', workflowId);
      await payments.reject({ id: rest.id, motifRejet: 'MD06', retourBancaire: true });
      await stage.sleeps(workflowId, 1); // of another run
      await keep('invoiceReminder/rearmed', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/opted-out'],
    async play(stage, keep) {
      const { workflowId } = await remindedInvoice(stage, ['PT3S'], { client: { sansRelance: true } });
      await stage.completed(workflowId);
      await keep('invoiceReminder/opted-out', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/credited'],
    async play(stage, keep) {
      const { id, workflowId } = await remindedInvoice(stage, ['PT5S']);
      await stage.services.factures.createCreditNote({ invoiceId: id, motif: 'geste commercial' });
      await stage.completed(workflowId);
      await keep('invoiceReminder/credited', workflowId);
    },
  },
  {
    // two invoices of one client are due at once: one of them waits for the other
    cases: ['invoiceReminder/spaced'],
    async play(stage, keep) {
      const first = await remindedInvoice(stage, ['PT5S'], { level: { espacement: 'PT4S' } });
      const second = await stage.issueInvoice(first);
      const both = [first.workflowId, relanceWorkflowId(second.id)];
      for (const workflowId of both) await stage.completed(workflowId);
      const timers = await Promise.all(both.map(stage.countTimers));
      const spaced = both[timers.findIndex((count) => count > 1)];
      if (!spaced) throw new Error('neither waited for the other');
      await keep('invoiceReminder/spaced', spaced);
    },
  },
  {
    // the client has answered; somebody says that the reminders may go on
    cases: ['invoiceReminder/held', 'invoiceReminder/hold-lifted'],
    async play(stage, keep) {
      const { attentes } = stage.services;
      const { organisationId, clientId, workflowId } = await remindedInvoice(stage, ['PT8S']);
      const motif = 'réponse reçue le 3 juillet 2026';
      const { id } = await attentes.create({ organisationId, clientId, motif });
      await stage.sleeps(workflowId, 2);
      await keep('invoiceReminder/held', workflowId);
      await attentes.lever({ id, motif: 'répondu par téléphone' });
      await stage.completed(workflowId);
      await keep('invoiceReminder/hold-lifted', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/failed-open', 'invoiceReminder/redriven'],
    async play(stage, keep) {
      const { workflowId, comesBack } = await refusedReminder(stage);
      await keep('invoiceReminder/failed-open', workflowId);
      await comesBack();
      await stage.redrive(workflowId);
      await stage.completed(workflowId);
      await keep('invoiceReminder/redriven', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/described', 'invoiceReminder/described-and-skipped'],
    async play(stage, keep) {
      const { workflowId } = await refusedReminder(stage);
      await keep('invoiceReminder/described', workflowId);
      await stage.skip(workflowId);
      await stage.completed(workflowId);
      await keep('invoiceReminder/described-and-skipped', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/skipped-by-operator'],
    async play(stage, keep) {
      const { workflowId } = await refusedReminder(stage);
      await stage.skip(workflowId);
      await stage.completed(workflowId);
      await keep('invoiceReminder/skipped-by-operator', workflowId);
    },
  },
  {
    cases: ['invoiceReminder/retried', 'invoiceReminder/cancelled-while-retrying'],
    async play(stage, keep) {
      const { platform } = stage.stack;
      const late = await remindedInvoice(stage, ['PT5S']);
      const cancelled = await remindedInvoice(stage, ['PT5S']);
      await platform.stop('mail');
      await stage.retries(cancelled.workflowId);
      await stage.services.relances.cancel({ id: cancelled.id, motif: 'litige' });
      await stage.completed(cancelled.workflowId);
      await keep('invoiceReminder/cancelled-while-retrying', cancelled.workflowId);
      await stage.retries(late.workflowId);
      await platform.start('mail');
      await stage.completed(late.workflowId);
      await keep('invoiceReminder/retried', late.workflowId);
    },
  },
];
