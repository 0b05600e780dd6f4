import '../style/rules.css';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { OrganisationPicker } from '../today/organisation-picker.tsx';
import { useTitle } from '../ui/use-title.ts';
import { FollowUpRule } from './follow-up-rule.tsx';
import { ReminderRules } from './reminder-rules.tsx';
import { RetryPolicyRules } from './retry-policy.tsx';
import type { RulesView } from './route.ts';

const route = getRouteApi('/frame/regles');
/** The same as of the agenda. */
const KEPT = 'suivi.organisation';
const VIEWS = { relances: ReminderRules, representations: RetryPolicyRules, suivis: FollowUpRule };

/** The rules of an organisation as people read them: seen, changed, and moved to. */
export function RulesPage() {
  const m = useMessages();
  const words = m.regles;
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/regles' });
  useTitle(words.titre);
  const org = search.org ?? localStorage.getItem(KEPT) ?? '';
  const vue = search.vue ?? 'relances';
  const View = VIEWS[vue];
  const choose = (chosen: string) => {
    localStorage.setItem(KEPT, chosen);
    void navigate({ search: (before) => ({ ...before, org: chosen }), replace: true });
  };
  return (
    <div className="rules">
      <header className="page-head">
        <div className="title">
          <h1>{words.titre}</h1>
          <p className="quiet hint">{words.aide}</p>
        </div>
        <OrganisationPicker chosen={org} choose={choose} />
        <ToggleButtonGroup
          className="segments"
          aria-label={words.vue}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[vue]}
          onSelectionChange={(keys) => {
            const chosen = [...keys][0] as RulesView;
            const { vue: _, ...rest } = { ...search, org };
            void navigate({ search: chosen === 'relances' ? rest : { ...rest, vue: chosen } });
          }}
        >
          {(Object.keys(VIEWS) as RulesView[]).map((one) => (
            <ToggleButton key={one} id={one}>
              {words.vues[one]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </header>
      {org ? (
        <div className="rooms">
          <View key={org} organisationId={org} />
        </div>
      ) : (
        <div className="panel empty-page">
          <h2>{m.aujourdhui.choisir}</h2>
          <p className="quiet">{words.choisirAide}</p>
        </div>
      )}
    </div>
  );
}
