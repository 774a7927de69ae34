import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Alert, Input } from 'antd';
import { useEffect, useState } from 'react';
import { EmptyState } from '../../parts/empty-state';
import { inBackground } from '../../parts/in-background';
import { Loaded } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { PersonView } from './person-view';
import { personQuery } from './queries';
import { subjectOf } from './subject';
import { peopleTexts } from './text';

const route = getRouteApi('/people');

function Found({ of }: { of: string }) {
  const query = useQuery(personQuery(of));
  return (
    <Loaded query={query}>{(person) => <PersonView person={person} renew={() => query.refetch()} />}</Loaded>
  );
}

/** What is searched stands in the address: a link to a person can be shared. */
export function FindPerson() {
  const say = useText(peopleTexts);
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const subject = subjectOf(q);
  const search = (text: string) => inBackground(navigate({ search: text.trim() ? { q: text.trim() } : {} }));
  return (
    <>
      <Input.Search
        size="large"
        allowClear
        maxLength={1000}
        value={typed}
        aria-label={say('searchLabel')}
        placeholder={say('searchHint')}
        enterButton={say('search')}
        onChange={(event) => setTyped(event.target.value)}
        onSearch={search}
      />
      {subject ? (
        <Found key={subject} of={subject} />
      ) : q ? (
        <Alert type="warning" showIcon role="alert" title={say('neither')} />
      ) : (
        <EmptyState title={say('begin')} teach={say('beginTeach')} />
      )}
    </>
  );
}
