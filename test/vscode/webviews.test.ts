import { Cleanup } from '../support/cleanup.ts';
import { testCustomItems } from './customItems.ts';
import { testDashboard } from './dashboard.ts';
import { testInjection } from './injection.ts';
import { testItemForms } from './itemForms.ts';
import { testLostServer } from './lostServer.ts';
import { testVmcpEditor } from './vmcpEditor.ts';
import { WebviewSession } from './webviewSession.ts';

/** All pages are tested in one window: each starts with what it needs, on vMCPs of its own. */
describe('The pages of the extension', () => {
  const cleanup = new Cleanup();
  const session = new WebviewSession();
  before(() => session.open(cleanup));
  after(() => cleanup.run());

  testDashboard(session);
  testCustomItems(session);
  testItemForms(session);
  testVmcpEditor(session);
  testInjection(session);
  testLostServer(session); // ends the server, so it comes last

  describe('all of them', () => {
    it('keep to their policy', () => session.assertPolicyKept());
  });
});
