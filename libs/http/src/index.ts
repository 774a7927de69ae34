/** What the HTTP APIs of the hub have in common: problems, strict input, headers of every answer. Adapters do not use it. */
export { AllowedMethods, allowedMethods } from './allowed-methods.js';
export { InputPipe } from './input.pipe.js';
export { Problem, ProblemFilter, resultOf, toProblem } from './problem.js';
export {
  ApiProblem,
  PROBLEMS,
  problemTable,
  problemUri,
  ValidationProblem,
  type FieldError,
  type ProblemKind,
  type ProblemOptions,
} from './problems.js';
export { secureAnswers, type AnswerPaths } from './security-headers.js';
export { unknownFields } from './unknown-fields.js';
