import type { Arrival } from '../../api/topology';
import { featureTexts } from '../../parts/features/text';
import { useText } from '../../text/use-text';
import { formTexts } from './arrival/text';

/** What arrives as what. */
export function Arrivals({ arrivals }: { arrivals: readonly Arrival[] }) {
  const sayFeature = useText(featureTexts);
  const sayForm = useText(formTexts);
  return (
    <table className="pair-table">
      <tbody>
        {arrivals.map(({ feature, form, words }) => (
          <tr key={feature}>
            <th scope="row">{sayFeature(feature)}</th>
            <td className={`form-${form}`}>{words ?? sayForm(form)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
