export { playAnswers, textFor } from '../../../main/webapp/js/sdk/mocks/answers.js';
