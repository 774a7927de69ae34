/** The contract suite: SMS through a simulated gateway of China Telecom (SMGP 3.0). */
import { smsKeepsTheContract } from './keeps-the-contract.js';

smsKeepsTheContract('smgp', 'gateway of China Telecom (SMGP 3.0)');
