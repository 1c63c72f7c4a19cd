// How the search ranks what it finds: the numbers are Sphinx's own, but who asks how to install is led to README first.
var Scorer = {
  score: ([page, , , , score]) => score + (page === "README" && /install/i.test(location.search) ? 20 : 0),
  objNameMatch: 11, objPartialMatch: 6, objPrio: { 0: 15, 1: 5, 2: -5 }, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
};
