export { type EvidenceFlaws, type ExampleProblem, exampleEvidence } from './evidence.ts';
export { completeFacts, evidenceKinds } from './facts.ts';
export { type CatalogerCase, type CatalogerCases, checkCatalogerCase, testCataloger } from './test-cataloger.ts';
export { checkTriggerCase, runTriggerCase, type TriggerCase, testTrigger } from './test-trigger.ts';
