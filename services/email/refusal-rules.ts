/** What a mail server's words mean: the address does not exist, or only this message is refused. */
export type RefusalRule = {
  /** Searched for in the diagnostic, after addresses are removed; case-insensitive. */
  words: RegExp;
  refuses: 'address' | 'message';
  /** Counts even if the status code says something else. */
  whateverStatus?: boolean;
  /** Where the wording comes from. */
  source: string;
};

/**
 * The meaning of mail servers' words. The first rule that fits decides. First come providers that number
 * their answers; then words about us, this message or this moment, whatever the status is, because one
 * blocklist would otherwise silence every client; last the words for "no such mailbox", which count only if
 * the status is unspecific (`refusal.ts`). `refusal-rules.test.ts` has a line for each rule.
 */
export const REFUSAL_RULES: RefusalRule[] = [
  // providers that number their answers
  {
    words: /\b(OFR|LPN|OUK)[\w-]*?[_ -]?(416|418|420|426)\b/i,
    refuses: 'address',
    whateverStatus: true,
    source:
      'Orange, Wanadoo, La Poste: 416 and 418 no such recipient, 420 archived, 426 closed (postmaster.orange.fr; sisimai issues 241, 243)',
  },
  {
    words: /\b(OFR|LPN|OUK)[\w-]*?[_ -]?\d{3}\b/i,
    refuses: 'message',
    source:
      'Orange, Wanadoo, La Poste: every other number is of the sender, the load or the content (postmaster.orange.fr)',
  },
  {
    words: /\bSFR_IN_\d{3}\b|\bGU_EIB_\d+/i,
    refuses: 'message',
    source:
      'SFR, Neuf, Numericable: reputation, 104 too many unknown users among it (postmastery.com, "SFR_IN_XXX")',
  },
  {
    words: /recipient address rejected: access denied|recipnotfound|recipient\.?not\.?found|\b5\.1\.351\b/i,
    refuses: 'address',
    source:
      'Exchange and Exchange Online: RESOLVER.ADR, directory-based edge blocking (learn.microsoft.com, "Non-delivery reports")',
  },
  {
    words: /\bhost does not accept mail\b|because the domain is not reachable/i,
    refuses: 'address',
    whateverStatus: true,
    source: 'Sendmail: a domain without mail, under 5.7.27 (RFC 7505); Outlook: a domain that does not exist',
  },
  // about us, this message or this moment
  {
    words:
      /block[ -]?list|black[ -]?list|liste noire|deny[ -]?list|\b(dns|r|uri|sur)bls?\b|spamhaus|spamcop|barracudacentral|sorbs\.net|uceprotect|abuseat|abusix|cloudmark|senderscore|dnsbl|on (a|our) (block|deny)/i,
    refuses: 'message',
    source: 'blocklists: RFC 5782; Spamhaus, SpamCop, Barracuda, Abusix, Cloudmark by name',
  },
  {
    words:
      /gr[ea]y[ -]?list|(try|retry|essayer|réessayer)( again)? (later|plus tard|slower)|too (many|much)\b|trop de \w+|limite (est )?(atteinte|d[ée]pass)|rate[ -]?limit|thrott?l|slow down|at a rate that|too (fast|quickly)|(connection|message|sending|hourly|daily) (rate |count )?(limit|quota)|(exceed|reach)\w* (the |its |your )?[\w -]{0,20}(rate|limit)\b|volume or user complaints|trop (rapide|vite|fréquent)\w*|temporairement|temporar(y|ily) (deferred|rejected|unavailable|failure|block|restrict)/i,
    refuses: 'message',
    source: 'rates and greylisting: RFC 6647; Yahoo, Gmail ("at a rate that"), Orange ("Trop de connexions")',
  },
  {
    words:
      /(?:\b(?:sender|emetteur|expéditeur|expediteur|reverse[ -]?path|return[ -]?path|envelope from|mail from|from:|from (?:address|domain|header))(?: address| domain)?|émetteur)[^.;]{0,40}?\b(rejected|denied|refused|refus\w*|rejet|interdit|non autoris|invalid\w*|unknown|inconnu\w*|not (allowed|accepted|permitted|valid|verified|exist|found|resolve|owned)|blocked|verif\w* fail|does ?n.t (exist|resolve)|does not (exist|resolve)|must)|(invalid|bad|bogus|unroutable|unverified|unknown|null|empty) (envelope )?sender|sender (callout )?verif|callout|not owned by|backscatter|\bbatv\b|(domain|mx records?) (of|for) (the )?sender|not (allowed|authori[sz]ed) to send/i,
    refuses: 'message',
    source:
      'the sender is refused: Postfix reject_sender_*, Exim sender verification, RFC 3463 5.1.7 and 5.1.8',
  },
  {
    words:
      /\bspf\b|\bdkim\b|\bdmarc\b|\barc\b fail|authenticat|authentification|relay(ing)? (access )?(denied|not|prohibited|is)|(unable|not permitted|not allowed|refuse) to relay|relais (refus|interdit|non autoris)|not (a )?relay|unauthenticated|\btls\b|not authori[sz]ed|authrequired|notauthorized|allowed rcpthosts/i,
    refuses: 'message',
    source: 'authentication and relaying: RFC 7208, RFC 7489, RFC 4954; RESOLVER.RST of Exchange',
  },
  {
    words:
      /\bptr\b|reverse (dns|lookup|ip|address)|rdns|\bhelo\b|\behlo\b|client host|(your|cannot find your) hostname|dynamic ip|your (ip|network|server|host|remotehost)\b|votre (ip|r[ée]seau|serveur|h[ôo]te|domaine)\b|(client|sending|sender|source|from|remote)['’s]* ip\b|(access|bad|banned|extreme) [\w ]{0,10}\bip\b|\bip (name|lookup|is)\b|adresse ip|not accept\w* (mail|e-mail|connections) from|\bisp\b/i,
    refuses: 'message',
    source: 'our server is refused: RFC 7001 iprev, Postfix reject_*_client and reject_*_helo_hostname',
  },
  {
    words:
      /(?<![\w.@-])spam(?![\w@-]|\.\w)|spam(ming|assassin|bouncer|profiler)|unsolicited|\bbulk\b|virus|malware|phishing|infected|ind[ée]sirable|content (was |is |filter )?(reject|den|refus|filter)|(message|mail) (content )?(was |is )?(filtered|blocked)|unacceptable content|suspicious|attachment|pourriel|pi[èe]ces? jointes?/i,
    refuses: 'message',
    source: 'content: RFC 3463 5.6 and 5.7; Free ("550 spam detected"), SpamAssassin, Proofpoint',
  },
  {
    words:
      /polic(y|ies)|politique|r[ée]putation|prohibit|restrict|abuse?\b|\bban(ned)?\b|access denied|acc[èe]s refus|(was|been|is|been) blocked|\bblocked\b|bloqu[ée]e?s?\b|security|not accepting mail with|user rules?|preferences|list of senders|members[ -]only|mailing list|protected by|organizational settings|(require|confirm)\w* (confirmation|this mail server)/i,
    refuses: 'message',
    source: 'policy: RFC 3463 5.7.1; Google 5.7.x, Outlook "banned", OVH and Proton "blocked"',
  },
  {
    words:
      /quota|mailbox (is |for [^.;]{0,60} is )?full|full (mail)?box|(mail)?box \w+ is full|mailfolder is full|storage|disk ?space|no space left|(bo[iî]te|messagerie)[^.;]{0,40}(pleine|satur[ée]e)|does not have enough space|espace( disque)? insuffisant|exhausted|space has been used|too many messages on/i,
    refuses: 'message',
    source:
      'a full mailbox: RFC 3463 5.2.2; Gmail "out of storage space", La Poste "Boite du destinataire pleine"',
  },
  {
    words:
      /(message|mail|size|content|header)[^.;]{0,40}(too (big|large|long)|exceed|larger than)|too (big|large)|trop (gros|grand|lourd|volumineu)\w*|taille (maxim|autoris)|maximum (message )?size|size limit|taille limite|message length/i,
    refuses: 'message',
    source: 'a size: RFC 1870, RFC 3463 5.2.3 and 5.3.4; Orange "Taille limite du message"',
  },
  {
    words:
      /time(d)?[ -]?out|(message|delivery|queue|retry)\b[\w ]{0,20}expired|expired after|connexion (refus|interromp|impossible)|d[ée]lai (d[ée]pass|expir)|connection (was )?(refused|dropped|reset|lost|timed|closed)|no answer|(host|server|network|destination)[^.;]{0,20}(unreachable|not reach)|could not (connect|contact)|couldn't (connect|contact)|network (error|failure|problem)|routing loop|too many hops|loops? back|hop count|malformed or unexpected name server|server (failure|error)|servfail|not found, try again|dns (error|failure|lookup)(?![^]*nxdomain)|system (error|failure|resources)|local error|configuration error|mailer error|internal error|insufficient|resources/i,
    refuses: 'message',
    source: 'the way there: RFC 3463 4.4.x; Postfix, Exim ("retry timeout exceeded"), Sendmail',
  },
  // no such mailbox
  {
    words:
      /(user|usr|account|mailbox|mail ?box|recipient|addressee|address|alias|local[ -]?part|destinataire|utilisateur|compte|adresse|bo[iî]te|contact|person|customer)s?\b[^.;]{0,60}?\b(unknown|unkown|(not|could ?n.t|can.t|was ?n.t|is ?n.t) (be )?(found|known|exist\w*|present|active|valid|a (known|valid)|listed|local|registered|ok)|invalid\w*|non[ -]?existent|does ?n.t exist|n.existe (pas|plus)|n.est pas (valide|connu)|n.a pas (pu être |été )?trouv|introuvable|inexistant\w*|inconnue?s?|invalides?|(has been |is |was )?(terminated|closed|removed|deleted|deactivated|disabled|discontinued|supprim|ferm[ée]e?)|no longer|isn.t (valid|known)|wrong)/i,
    refuses: 'address',
    source:
      'Postfix "User unknown in virtual mailbox table", Exim, Outlook, SFR, Free, Bouygues, OVH "User unknown"; French servers "utilisateur inconnu", "adresse inexistante"',
  },
  {
    words:
      /(unknown|no such|invalid|bad|non[ -]?existent|unavailable|incorrect|inactive|undeliverable|unrout[e]?able|disabled|not a valid|no valid|not a known)( (or|and|local|e-?mail|mail|destination|virtual|final delivery|\w+\/\w+)){0,2}[ /-]*(user|users|account|mailbox|mail ?box|recipients?|addressee|address|alias|local[ -]?part|person|box|user ?id|e-?mail)\b/i,
    refuses: 'address',
    source:
      'Sendmail "User unknown", qmail "no mailbox here by that name", Exim "Unrouteable address", Yahoo',
  },
  {
    words:
      /(aucune?|pas d.)\s?(utilisateur|compte|destinataire|bo[iî]te|adresse)|(utilisateur|destinataire|adresse|bo[iî]te|compte)\b[^.;]{0,40}\b(inconnu|inexistant|(non |in)valide|incorrect|introuvable|n.existe|n.est plus|ferm[ée]|cl[ôo]tur|r[ée]sili|d[ée]sactiv|supprim)/i,
    refuses: 'address',
    source: 'servers that speak French: Orange, La Poste, Zimbra and Exchange in French',
  },
  {
    words:
      /no (mail ?box|account|one|user|recipient)\b[^.;]{0,40}\b(name|address|here|user|found|available)|does ?n.t have an? [\w…. -]{0,60}account|(account|address|mailbox|user|recipient|rcpt)\b[^.;]{0,80}(does|did|do) ?(not|n.t) exist|no such (user|mailbox|recipient|address|account|person|domain|host)|not our customer|badrcptto|validrcptto|user doesn.t have|is not (a |an )?(known|valid|local|active|registered)/i,
    refuses: 'address',
    source: 'Yahoo "This user doesn\'t have a … account", Gmail "does not exist", qmail badrcptto',
  },
  {
    words:
      /account (has been |is )?(disabled|inactive|deactivated|closed|terminated|discontinued)|mailbox (is |has been )?(disabled|inactive|closed|unavailable|unavaiable|not available|not found|invalid)|(user|utilisateur|recipient)\b[^.;]{0,40}\b(disabled|inactive|terminated|no longer)|has moved|has been replaced|no longer (on|at|with|accepts?|valid|available|works)|requested action not taken: mailbox unavailable/i,
    refuses: 'address',
    source:
      'closed or moved: RFC 3463 5.1.6 and 5.2.1; Outlook "Requested action not taken: mailbox unavailable"',
  },
  {
    words:
      /host \S+ not found|(domain|host|dns)\b[^.;]{0,40}\b(not found|unknown|does ?n.t exist|does not exist|inconnu|inexistant|invalid)|(unknown|no such|unrouteable|unresolvable) (domain|host|mail domain)|name or service not known|(does|did) not accept (any )?mail|nullmx|null mx|no mx( record)?|no smtp service|nxdomain|find a mail exchanger/i,
    refuses: 'address',
    source:
      'no such domain, or one without mail: RFC 7505; Postfix "Host or domain name not found", Courier "No such domain"',
  },
  {
    words: /recipient (address )?rejected\.?\s*(\(|$)|address rejected\.?\s*(\(|$)|nosuchuser/i,
    refuses: 'address',
    source:
      'the recipient is refused and no reason is told: Postfix, IronPort "#5.1.0 Address rejected"; Gmail NoSuchUser',
  },
];
