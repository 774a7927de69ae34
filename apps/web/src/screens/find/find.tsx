import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { answer, api } from '../../api/client';
import { findAll, type Hit } from '../../api/find';
import { EmptyState } from '../../parts/empty-state';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { inBackground } from '../../parts/in-background';
import { SavedViews } from '../../parts/saved-views/saved-views';
import { useText } from '../../text/use-text';
import { FoundMessages } from './found-messages';
import { HitLine } from './hit-line';
import { SearchForm } from './search-form';
import { isSearch } from './search-terms';
import { searchTexts } from './search/text';
import { TracePage } from './trace-page';
import { findTexts } from './text';
import './find.css';

const route = getRouteApi('/find');

/** An id of a message: its page. */
function Message({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['trace', id],
    queryFn: () => answer(api.GET('/v1/messages/{id}/trace', { params: { path: { id } } })),
  });
  return <Loaded query={query}>{(trace) => <TracePage trace={trace} />}</Loaded>;
}

function Hits({ hits }: { hits: Hit[] }) {
  const say = useText(findTexts);
  const [only] = hits;
  if (!only) return <EmptyState title={say('nothing')} teach={say('nothingTeach')} />;
  if (hits.length === 1 && only.kind === 'message') return <Message id={only.id} />;
  return (
    <Panel title={say('hits', { count: hits.length })}>
      <ul className="hits">
        {hits.map((hit) => (
          <HitLine key={`${hit.kind} ${hit.id}`} hit={hit} />
        ))}
      </ul>
    </Panel>
  );
}

function Results({ text }: { text: string }) {
  const query = useQuery({ queryKey: ['find', text], queryFn: () => findAll(text) });
  return <Loaded query={query}>{(hits) => <Hits hits={hits} />}</Loaded>;
}

/** One field for any id. */
function IdForm({ id, find }: { id: string | undefined; find: (id: string | undefined) => void }) {
  const say = useText(findTexts);
  return (
    <Form
      key={id ?? ''}
      initialValues={{ q: id }}
      onFinish={({ q }: { q?: string }) => find(q?.trim() || undefined)}
      className="find-form"
    >
      <Form.Item name="q" noStyle>
        <Input
          size="large"
          allowClear
          maxLength={500}
          aria-label={say('field')}
          placeholder={say('field')}
          autoFocus={!id}
        />
      </Form.Item>
      <Button type="primary" size="large" htmlType="submit">
        {say('find')}
      </Button>
    </Form>
  );
}

export default function Find() {
  const say = useText(findTexts);
  const saySearch = useText(searchTexts);
  const { q, filter: _filter, ...terms } = route.useSearch();
  const navigate = route.useNavigate();
  const searching = !q && isSearch(terms);
  return (
    <Screen title={say('title')} lead={say('lead')}>
      <IdForm id={q} find={(id) => inBackground(navigate({ search: id ? { q: id } : {} }))} />
      {q ? (
        <Results text={q} />
      ) : (
        <Panel title={saySearch('title')} actions={<SavedViews />}>
          <SearchForm terms={terms} search={(next) => inBackground(navigate({ search: next }))} />
        </Panel>
      )}
      {searching && <FoundMessages key={JSON.stringify(terms)} terms={terms} />}
      {!q && !searching && <EmptyState title={say('start')} teach={say('startTeach')} />}
    </Screen>
  );
}
