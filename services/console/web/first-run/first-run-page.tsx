import '../style/first-run.css';
import '../style/rules.css';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { AdoptionStep } from './adoption-step.tsx';
import { Demo } from './demo.tsx';
import { isDemo } from './demo-story.ts';
import { CreancierForm, OrganisationForm, RulesForm, SocieteForm } from './forms.tsx';
import { ImportStep } from './import-step.tsx';
import { useOrganisations } from '../organisations.ts';
import { isOptional, STEPS, useSteps, type Step } from './steps.ts';

/** Leads an organisation from nothing to reminders that run. */
export function FirstRunPage() {
  const m = useMessages();
  const words = m.demarrage;
  const { org, choose } = useOrganisation();
  const organisation = useOrganisations()?.find(({ id, code }) => id === org || code === org);
  useTitle(words.titre);
  return (
    <div className="first-run rules">
      <header className="page-head">
        <div className="title">
          <h1>{words.titre}</h1>
          <p className="quiet hint">{words.aide}</p>
        </div>
      </header>
      <div className="parts">
        {organisation && isDemo(organisation) && (
          <p className="notice" role="note">
            {words.demo.estUne}
          </p>
        )}
        {org ? (
          <Steps key={org} organisationId={org} />
        ) : (
          <section className="panel" aria-label={words.organisation.titre}>
            <header>
              <h2>{words.organisation.titre}</h2>
            </header>
            <p className="quiet">{words.organisation.aide}</p>
            <OrganisationForm created={choose} />
          </section>
        )}
        <Demo choose={choose} />
      </div>
    </div>
  );
}

function Steps({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  const words = m.demarrage;
  const { done, next, isPending, error, readAgain } = useSteps(organisationId);
  // opened by hand, beside the one that is next
  const [opened, setOpened] = useState<Step[]>([]);
  if (error && isPending) return <Failure error={error} retry={readAgain} />;
  if (isPending) return <Waiting lines={8} />;
  const made = STEPS.filter((step) => done[step]).length;
  const of = { organisationId, readAgain };
  const bodies: Record<Step, ReactNode> = {
    societe: <SocieteForm {...of} />,
    creancier: <CreancierForm {...of} />,
    regles: <RulesForm {...of} />,
    clients: <ImportStep what="clients" {...of} />,
    factures: <ImportStep what="factures" {...of} />,
    relances: <AdoptionStep {...of} />,
  };
  return (
    <>
      <p className="summary" role="status">
        <strong>{words.avancement(made, STEPS.length)}</strong> {next === undefined && words.termine}{' '}
        {next === undefined && (
          <Link className="link" to="/" search={{ org: organisationId }}>
            {words.agenda}
          </Link>
        )}
      </p>
      <ol className="steps" aria-label={words.etapes}>
        {STEPS.map((step, index) => {
          const isOpen = step === next || opened.includes(step);
          const state = done[step]
            ? 'faite'
            : step === next
              ? 'ensuite'
              : isOptional(step)
                ? 'facultative'
                : 'plusTard';
          return (
            <li
              key={step}
              className={`panel step ${state}`}
              {...(step === next && { 'aria-current': 'step' })}
            >
              <div className="step-head">
                <span className="dot" aria-hidden="true">
                  {done[step] ? <Icon name="check" /> : index + 1}
                </span>
                <h2>{words.titres[step]}</h2>
                <span className={done[step] ? 'mark good' : 'mark'}>{words.etats[state]}</span>
                {step !== next && (
                  <Button
                    className="button plain"
                    aria-expanded={isOpen}
                    aria-label={words.ouvrirEtape(words.titres[step])}
                    onPress={() =>
                      setOpened((all) => (isOpen ? all.filter((one) => one !== step) : [...all, step]))
                    }
                  >
                    <Icon name={isOpen ? 'up' : 'down'} />
                  </Button>
                )}
              </div>
              {isOpen && (
                <div className="step-body">
                  <p className="quiet">{words.aides[step]}</p>
                  {bodies[step]}
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}
