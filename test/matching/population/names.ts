// Invented names: a few are frequent and most are rare, as in any country. No list of real people stands behind them.

export interface NameLists {
  readonly first: readonly string[];
  readonly family: readonly string[];
}

const combine = (...parts: readonly (readonly string[])[]): string[] =>
  parts.reduce<string[]>((all, some) => all.flatMap((head) => some.map((tail) => head + tail)), ['']);

const list = (text: string): readonly string[] => text.split(' ');

/** The names that the measure was made with. */
export const FAMILIAR: NameLists = {
  first: [
    ...list(
      'Camille Alix Dominique Sacha Noé Zoé Éloïse Léa Léo Théo Inès Anaïs Gaël Maël Hélène Irène Rémi Aimée Joëlle',
    ),
    ...list('Karim Samira Nadia Yanis Fatou Awa Moussa Lin Mei Ana Inés João Bruno Clara Denis Élie Flore Gisèle Hugo'),
    ...combine(list('Ar Bel Cor Dan El Fan Gil'), list('ian iane ion ise ette in ina eau')),
  ],
  family: combine(
    list(
      'Bar Bel Bou Cas Cha Cor Dal Des Dur Fal Fer Gal Gar Gou Hau Jou Lam Lar Mal Mar Mor Pas Pel Per Rou Sal Tal Vas',
    ),
    list('a e i o u é ou an on er in ar el'),
    list('bert din dot fel gnac let lier lot mand nard net quet rel rin sard tain tel ton vet vier vin zac'),
  ),
};

/** Others, kept aside to judge it: another make of names, and more of them short. */
export const UNFAMILIAR: NameLists = {
  first: [
    ...list('Loïs Maud Rose Jules Marc Paule Renée Andrée Noël Joël Aya Issa Omar Leïla Tâm Linh Petra Ivo Neela Ravi'),
    ...combine(list('Os Mir Tad Val Ruf Sev Ol'), list('a ane an ette ine in ys ie o elle')),
  ],
  family: combine(
    list(
      "Abr Ank Bly Crez D'Or Ev Gwen Hav Izm Jag Kerl Lous Nwam O'Br Pfist Quin Rzep Sz Thib Ulm Vand Wey Xav Yild Zer",
    ),
    list('a au e ei i o oa u y ée'),
    list('c ck dou f gh k lec m n nec p r s ski t tz v wen x'),
  ),
};
