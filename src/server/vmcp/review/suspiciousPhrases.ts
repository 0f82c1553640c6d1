/** A kind of sentence that speaks to the model about more than the tool. */
export interface PhraseRule {
  readonly id: string;
  /** What is wrong with it, for people. */
  readonly meaning: string;
  readonly pattern: RegExp;
}

const secretPlace = String.raw`(?:~\/\.(?:ssh|aws|gnupg|kube|config)|\.ssh\/|id_rsa|id_ed25519|authorized_keys|\.aws\/credentials|\.netrc|\.npmrc|\.env\b|\/etc\/(?:passwd|shadow)|mcp\.json|claude_desktop_config|private keys?|access tokens?|api keys?|credentials|passwords?|environment variables|session cookies?)`;
const wholeTalk =
  '(?:(?:entire|full|whole|complete|previous|all) (?:of (?:the|this|our) )?(?:conversation|chat|dialog(?:ue)?|context|messages|history)|(?:conversation|chat|message) history|system (?:prompt|message))';
const take =
  '(?:read|fetch|open|load|cat|collect|gather|copy|include|append|attach|put|pass|send|upload|post|forward|provide|insert|encode|summari[sz]e|leak|exfiltrate)';

/**
 * Rules of wording, each one sentence at most apart from its parts; every repetition is bounded. They
 * follow what published attacks on tool descriptions have in common: text that gives orders beyond the
 * call of the tool itself.
 */
export const phraseRules: readonly PhraseRule[] = [
  {
    id: 'overrides-instructions',
    meaning: 'asks to set other instructions aside',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass|drop)\b[^.\n]{0,40}\b(?:previous|prior|earlier|above|preceding|existing|other|all|any|your|system|safety)\b[^.\n]{0,30}\b(?:instructions?|rules?|prompts?|guidelines?|directives?|polic(?:y|ies)|restrictions?)\b/i,
  },
  {
    id: 'takes-a-role',
    meaning: 'pretends to be a message of the system or gives the model another role',
    pattern:
      /<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[\/?INST\]|<<\/?SYS>>|^\s{0,8}(?:#{1,6} ?)?(?:system|assistant|developer)(?: (?:prompt|message|note|instructions?))?\s?:|\byou are now\b|\b(?:new|updated|additional) (?:system )?(?:instructions|directives?)\b[^.\n]{0,20}:|\bact as (?:if you (?:are|were)|an? (?:unrestricted|administrator|root))\b/im,
  },
  {
    id: 'hidden-markup',
    meaning: 'holds markup that is meant for the model and not for people',
    pattern:
      /<!--|<\/?(?:important|system|secret|hidden|instructions?|critical|admin|note_to_(?:ai|model|assistant)|assistant)>|\bnotes? (?:to|for) (?:the )?(?:ai|llm|(?:language )?model|assistant|agent)\b/i,
  },
  {
    id: 'hides-from-user',
    meaning: 'asks to keep something from the user',
    pattern:
      /\b(?:do not|don't|never|must not|should not|(?<!\b(?:never|not|don't)\b[^.\n]{0,40})without|avoid|no need to|refrain from)\b[^.\n]{0,25}\b(?:tell|telling|mention|mentioning|inform|informing|notify|notifying|show|showing|reveal|revealing|disclose|disclosing|alert|alerting|warn|warning|ask|asking|explain|explaining|confirm|confirming|display|displaying)\b[^.\n]{0,40}\b(?:users?|humans?|person|people|anyone|them)\b|\b(?:users?|humans?)\b[^.\n]{0,20}\b(?:must|should|need|does|do|may|can)(?: not|n't)\b[^.\n]{0,12}\b(?:know|notice|see|be (?:told|aware|informed))\b|\b(?:keep|keeping)\b[^.\n]{0,25}\b(?:secret|hidden|confidential) from\b|\b(?:secretly|silently|covertly|unnoticed)\b[^.\n]{0,40}\b(?:send|forward|copy|add|include|upload|call|read|run|execute|invoke|attach|post)\b/i,
  },
  {
    id: 'takes-secrets',
    meaning: 'asks for secrets or for what was said in the conversation',
    pattern: new RegExp(
      String.raw`\b${take}\b[^.\n]{0,60}(?:contents? of|content from|file at|files? in|any|all|every|found|user's|users'|your|the)[^.\n]{0,30}${secretPlace}|\b${take}\b[^.\n]{0,60}${wholeTalk}|~\/\.ssh|id_rsa|\.aws\/credentials|\/etc\/shadow|claude_desktop_config`,
      'i',
    ),
  },
  {
    id: 'steers-other-tools',
    meaning: 'gives orders about other tools',
    pattern:
      /\b(?:before|after|prior to|when(?:ever)?|each time|every time)\b[^.\n]{0,30}\b(?:us(?:e|ing)|call(?:ing)?|invok(?:e|ing)|run(?:ning)?|execut(?:e|ing))\b[^.\n]{0,12}\b(?:any|every|all|each|other|another)\b(?: (?:other|of the))?\s?(?:\w{1,20} )?(?:tools?|functions?|servers?)\b|\b(?:do not|don't|never) (?:use|call|invoke|trust) (?:any |the |any of the )?(?:other|another)\b[^.\n]{0,20}\b(?:tools?|servers?)\b|\b(?:always|must)(?: always)? (?:call|use|run|invoke|execute) this (?:tool )?(?:first\b|before (?:any|every|all|each|other)\b)|\b(?:call|use|run|invoke) this tool\b[^.\n]{0,30}\b(?:every|each) (?:message|request|turn|response|conversation)\b|\bthis (?:tool|server) (?:replaces|overrides|supersedes|takes precedence over|must be preferred over)\b/i,
  },
  {
    id: 'changes-other-calls',
    meaning: 'asks to change what other tools are called with',
    pattern:
      /\b(?:when(?:ever)?|if|once|each time|every time|before)\b[^.\n]{0,60}\b(?:tool|send_\w{1,30}|\w{1,30}_(?:email|mail|message|payment|transfer|file)|mcp_\w{1,40}|emails?|messages?|payments?)\b[^.\n]{0,50}\b(?:is|are|gets?|was|has been)?\s?(?:called|invoked|used|run|available|sent|present|made)\b[^.\n]{0,60}\b(?:must|always|instead|change|replace|redirect|bcc|set the|add|also)\b|\b(?:change|replace|redirect|set)\b[^.\n]{0,20}\b(?:recipients?|phone number|account number|iban|destination)\b[^.\n]{0,40}\b(?:to|with)\b[^.\n]{0,20}(?:[\w.+-]{1,40}@[\w-]{1,40}\.|\+?\d{6,})|\bbcc\b[^.\n]{0,40}@/i,
  },
  {
    id: 'encoded-text',
    meaning: 'holds a long encoded text',
    pattern:
      /(?:[A-Za-z0-9+/]{120,}={0,2})|(?:\\x[0-9a-f]{2}){12,}|(?:%[0-9a-f]{2}){16,}|data:[a-z]+\/[\w.+-]{1,40};base64,/i,
  },
  {
    id: 'overrides-instructions',
    meaning: 'asks to set other instructions aside',
    pattern:
      /\b(?:pay no attention to|set aside|do not follow|don't follow|stop following|no longer follow)\b[^.\n]{0,40}\b(?:previous|prior|earlier|above|existing|other|your|system)\b|\b(?:previous|prior|earlier|above|existing|other|your) (?:instructions?|directions?|guidance|guidelines?|rules?|orders|prompts?)\b[^.\n]{0,20}\b(?:void|obsolete|outdated|cancel{1,2}ed|superseded|no longer (?:apply|valid|hold)|do(?:es)? not apply)\b/i,
  },
  {
    id: 'takes-a-role',
    meaning: 'claims an authority, or gives the model standing orders',
    pattern:
      /\bfrom now on\b[^.\n]{0,20}\b(?:you|always|only|never|answer|respond|reply|act|call|use|treat)\b|\b(?:required|mandated|ordered|authori[sz]ed|approved) by (?:the |your |our )?(?:system )?(?:administrators?|system|security (?:team|policy)|developers?|company policy)\b/i,
  },
  {
    id: 'hides-from-user',
    meaning: 'asks to keep something from the user',
    pattern:
      /\b(?:never|do not|don't) let the (?:users?|humans?|person)\b[^.\n]{0,20}\b(?:see|know|notice|read|find)\b|\b(?:assistant|model|agent|ai|llm|you) (?:shall|must|should|will|may) (?:not|never)\b[^.\n]{0,20}\b(?:disclose|mention|reveal|tell|show|report|repeat|describe)\b|\b(?:do not|don't|never)\b[^.\n]{0,15}\b(?:ask|wait) for (?:\w{1,12} )?(?:confirmation|approval|permission|consent)\b|\b(?:quietly|discreetly|behind the scenes|in the background and without)\b[^.\n]{0,40}\b(?:e?mail|send|forward|copy|upload|post|call|run|read|write|include)\b/i,
  },
  {
    id: 'takes-secrets',
    meaning: 'asks for secrets or for what was said in the conversation',
    pattern: new RegExp(
      String.raw`\b(?:${take}|set|e?mail|write|store|fill)\b[^.\n]{0,60}(?:\$\{?[A-Z_]{0,40}(?:KEY|TOKEN|SECRET|PASSWORD)\b|\b(?:ssh|aws|gnupg|kube|credentials?) (?:folder|directory|keys?)\b|\b(?:output|result) of .?(?:env|printenv|set)\b|~\/\.config\/|\bchat (?:log|transcript)\b|\blast \w{1,10} (?:messages|turns|replies)\b|\bwhat the user (?:said|wrote|typed)\b|\b(?:your|the) system prompt\b)`,
      'i',
    ),
  },
  {
    id: 'steers-other-tools',
    meaning: 'gives orders about other tools, or about when to answer',
    pattern:
      /\b(?:call|use|run|invoke) this (?:tool )?(?:first )?before (?:you )?(?:answer|respond|reply|do|say)|\b(?:first|always) (?:call|use|run|invoke) (?:this|the) (?:tool|\w{1,30} tool) before\b|\b(?:call|use|run|invoke) \w{1,40} (?:after|before) (?:each|every) (?:reply|answer|response|message|turn|call)\b|\b(?:all |any )?other (?:\w{1,20} )?(?:tools?|servers?)\b[^.\n]{0,12}\b(?:are|is) (?:deprecated|unsafe|broken|insecure|unreliable|wrong|disabled|forbidden)\b|\buse (?:only this (?:one|tool|server)|this (?:one|tool|server) only)\b/i,
  },
  {
    id: 'holds-a-command',
    meaning: 'holds a command that fetches and runs a program',
    pattern:
      /\b(?:curl|wget|iwr|irm)\b[^\n]{0,160}\|\s?(?:sudo )?(?:(?:ba|z|da)?sh|python3?|node|iex)\b/i,
  },
  {
    id: 'letters-apart',
    meaning: 'holds words written letter by letter',
    pattern: /(?:(?<![\p{L}\p{N}])\p{L}[ .*_-]){5,40}\p{L}(?![\p{L}\p{N}])/u,
  },
];
