import '../style/rules.css';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { ChooseOrganisation } from '../ui/choose-organisation.tsx';
import { useTitle } from '../ui/use-title.ts';
import { FollowUpRule } from './follow-up-rule.tsx';
import { ReminderRules } from './reminder-rules.tsx';
import { RetryPolicyRules } from './retry-policy.tsx';
import type { RulesSearch, RulesView } from './route.ts';

const route = getRouteApi('/frame/regles');
const VIEWS = { relances: ReminderRules, representations: RetryPolicyRules, suivis: FollowUpRule };

/** The rules of an organisation as people read them: seen, changed, and moved to. */
export function RulesPage() {
  const m = useMessages();
  const words = m.regles;
  const search: RulesSearch = route.useSearch();
  const navigate = useNavigate({ from: '/regles' });
  useTitle(words.titre);
  const { org } = useOrganisation();
  const vue: RulesView = search.vue ?? 'relances';
  const View = VIEWS[vue];
  return (
    <div className="rules">
      <header className="page-head">
        <div className="title">
          <h1>{words.titre}</h1>
          <p className="quiet hint">{words.aide}</p>
        </div>
        <ToggleButtonGroup
          className="segments"
          aria-label={words.vue}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[vue]}
          onSelectionChange={(keys) => {
            const chosen = [...keys][0] as RulesView;
            void navigate({
              search: (before) => ({
                ...(before.org && { org: before.org }),
                ...(chosen !== 'relances' && { vue: chosen }),
              }),
            });
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
        <div className="parts">
          <View key={org} organisationId={org} />
        </div>
      ) : (
        <ChooseOrganisation />
      )}
    </div>
  );
}
