/** Shared code of the HTTP APIs: problem types, validation of input, security headers, OpenAPI texts. Adapters do not use it. */
export { AllowedMethods, allowedMethods } from './allowed-methods.js';
export { serveBuiltFiles, type BuiltFiles } from './built-files.js';
export { InputPipe } from './input.pipe.js';
export { Problems, withProblems } from './operation-problems.js';
export { withTexts } from './operation-texts.js';
export { Problem, ProblemFilter, toProblem } from './problem.js';
export { problemOfResult, resultOf } from './problem-results.js';
export { problemsPage } from './problems-page.js';
export {
  ApiProblem,
  PROBLEM_KINDS,
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
