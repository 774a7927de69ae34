/** The contract suite: SMS through a simulated SMPP 3.4 centre. */
import { smsKeepsTheContract } from './keeps-the-contract.js';

smsKeepsTheContract('smpp', 'SMPP 3.4 centre');
