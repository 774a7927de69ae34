import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api } from '../../api/client';
import { Loaded, Panel, Screen } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { dayTexts } from './text';

const FORMATS = ['pdf', 'csv', 'json'] as const;

/** One day, with the statement of each party to read or to save. */
export function DayPage({ date }: { date: string }) {
  const say = useText(dayTexts);
  const query = useQuery({
    queryKey: ['business-day', date],
    queryFn: () => answer(api.GET('/v1/business-days/{date}', { params: { path: { date } } })),
  });
  return (
    <Screen title={date} lead={say('dayLead')} actions={<Link to="/days">{say('back')}</Link>}>
      <Loaded query={query}>
        {({ state, members }) => (
          <Panel title={say('statements')}>
            {state === 'open' || Object.keys(members).length === 0 ? (
              <p className="quiet">{say('notYet')}</p>
            ) : (
              <ul className="hits">
                {Object.keys(members).map((party) => (
                  <li key={party}>
                    <strong>{party}</strong>
                    {FORMATS.map((format) => (
                      <a
                        key={format}
                        href={`/v1/business-days/${encodeURIComponent(date)}/statements/${encodeURIComponent(party)}?format=${format}`}
                        download={`${date} ${party}.${format}`}
                        aria-label={say('save', { party, format: format.toUpperCase() })}
                      >
                        {format.toUpperCase()}
                      </a>
                    ))}
                  </li>
                ))}
              </ul>
            )}
          </Panel>
        )}
      </Loaded>
    </Screen>
  );
}
