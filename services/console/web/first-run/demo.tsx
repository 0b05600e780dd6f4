import { useTransport } from '@connectrpc/connect-query';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisations } from '../organisations.ts';
import { Failure } from '../ui/failure.tsx';
import { say } from '../ui/said.tsx';
import { DEMO_STEPS, isDemo, playDemo, throwDemoAway } from './demo-story.ts';

/** The demonstration: played with a person's own token, clearly named, and thrown away again. */
export function Demo({ choose }: { choose: (organisationId: string) => void }) {
  const m = useMessages();
  const words = m.demarrage.demo;
  const transport = useTransport();
  const queries = useQueryClient();
  const [step, setStep] = useState(0);
  const played = (useOrganisations() ?? []).filter(isDemo);
  const readAgain = () => queries.invalidateQueries({ queryKey: ['organisations'] });
  const play = useMutation({
    mutationFn: () => playDemo(transport, words.nom, setStep),
    async onSuccess(organisationId) {
      say(words.jouee);
      choose(organisationId);
      await readAgain();
    },
    // what was made before it broke off can be thrown away
    onError: readAgain,
  });
  const away = useMutation({
    mutationFn: (organisation: (typeof played)[number]) =>
      throwDemoAway(transport, organisation, words.motif),
    async onSuccess() {
      say(words.jetee);
      choose('');
      await readAgain();
    },
  });
  return (
    <section className="panel demo" aria-label={words.titre}>
      <header>
        <h2>{words.titre}</h2>
      </header>
      <p>{words.aide}</p>
      <ul>
        {played.map((organisation) => (
          <li key={organisation.id}>
            <Link className="link" to="/" search={{ org: organisation.code, jours: 30 }}>
              {organisation.nom}
            </Link>
            <span className="quiet">{organisation.code}</span>
            <Button
              className="button danger"
              isPending={away.isPending && away.variables.id === organisation.id}
              aria-label={words.jeterNom(organisation.code)}
              onPress={() => away.mutate(organisation)}
            >
              {words.jeter}
            </Button>
          </li>
        ))}
      </ul>
      {(play.error ?? away.error) && <Failure error={play.error ?? away.error} />}
      {play.isPending && (
        <div className="progress" role="status">
          <label>
            <span>{words.etapes[step]}</span>
            <progress value={step} max={DEMO_STEPS} />
          </label>
        </div>
      )}
      <div className="buttons">
        <Button className="button" isPending={play.isPending} onPress={() => play.mutate()}>
          {words.jouer}
        </Button>
      </div>
    </section>
  );
}
