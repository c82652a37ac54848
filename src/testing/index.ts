export { type EvidenceFlaws, type ExampleProblem, exampleEvidence } from './evidence.ts';
export { completeFacts, evidenceKinds } from './facts.ts';
export { checkTriggerCase, runTriggerCase, type TriggerCase, testTrigger } from './test-trigger.ts';
