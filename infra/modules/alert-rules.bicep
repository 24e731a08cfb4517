// The alerts that ask a query. Their texts are in French, because the people who get the e-mails read French.

@export()
@description('The alerts that ask the query of their name.')
var alertRules = [
  {
    name: 'heartbeat'
    title: 'Connecteur muet'
    description: 'Aucun relevé depuis 30 minutes : application arrêtée, droits perdus ou plafond de journaux atteint.'
    severity: 1
    query: loadTextContent('../queries/heartbeat.kql')
    every: 'PT5M'
    window: 'PT30M'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'poison'
    title: 'File d’échec non vide'
    description: 'Des messages sont dans une file d’échec (notifications-poison, snapshots-poison). Ils seront à rejouer.'
    severity: 1
    query: loadTextContent('../queries/poison.kql')
    every: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'poison-moved'
    title: 'Notification déplacée vers la file d’échec'
    description: 'L’hôte a renoncé à une notification après dix essais.'
    severity: 1
    query: loadTextContent('../queries/poison-moved.kql')
    every: 'PT5M'
    window: 'PT10M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'server-errors'
    title: 'Notifications non acceptées'
    description: 'RDV-Solidarités reçoit des erreurs 5xx. Il réessaiera plusieurs jours.'
    severity: 1
    query: loadTextContent('../queries/server-errors.kql')
    every: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'misconfigured'
    title: 'Dataverse refuse l’accès'
    description: 'Utilisateur d’application, rôle de sécurité, table ou colonne à corriger. Les notifications attendent.'
    severity: 1
    query: loadTextContent('../queries/misconfigured.kql')
    every: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'secret-discarded'
    title: 'Secret inutilisable'
    description: 'Un secret est vide ou sa référence Key Vault n’est pas résolue.'
    severity: 1
    query: loadTextContent('../queries/secret-discarded.kql')
    every: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'oldest-message'
    title: 'Notifications en retard'
    description: 'Une notification attend depuis plus de 30 minutes.'
    severity: 2
    query: loadTextContent('../queries/oldest-message.kql')
    every: 'PT5M'
    // Longer than the longest delay of a notification that was put back, an hour and a fifth.
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'held'
    title: 'Notifications retenues depuis longtemps'
    description: 'WRITE_TO_DYNAMICS est à false : plus de 100 000 notifications, ou deux semaines d’attente.'
    severity: 2
    query: loadTextContent('../queries/held.kql')
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'snapshots-waiting'
    title: 'Reprise ou comparaison en retard'
    description: 'Un enregistrement lu dans RDV-Solidarités attend depuis plus de 24 heures d’être comparé.'
    severity: 3
    query: loadTextContent('../queries/snapshots-waiting.kql')
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'reconcile-healed'
    title: 'Notifications perdues, rétablies la nuit'
    description: 'La comparaison avec RDV-Solidarités a rétabli ce qu’aucune notification en attente n’explique.'
    severity: 3
    query: loadTextContent('../queries/reconcile-healed.kql')
    every: 'PT1H'
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'reconcile-rights'
    title: 'Le compte voit moins qu’avant'
    description: 'Le compte qui lit RDV-Solidarités a perdu des organisations, ou trop d’enregistrements ne lui sont plus montrés.'
    severity: 2
    query: loadTextContent('../queries/reconcile-rights.kql')
    every: 'PT1H'
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'reconcile-stopped'
    title: 'Comparaison nocturne arrêtée'
    description: 'La comparaison avec RDV-Solidarités s’est arrêtée, ou n’a rien pu écrire : connexion perdue, heures qui diffèrent, panne.'
    severity: 2
    query: loadTextContent('../queries/reconcile-stopped.kql')
    every: 'PT1H'
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'signature'
    title: 'Signatures refusées'
    description: 'Plus de dix requêtes mal signées en 15 minutes : secret différent des deux côtés, ou tentative d’intrusion.'
    severity: 2
    query: loadTextContent('../queries/signature.kql')
    every: 'PT15M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 10
  }
  {
    name: 'refused'
    title: 'Notifications perdues si rien ne change'
    description: 'RDV-Solidarités appelle une mauvaise adresse, ou envoie un corps trop gros ou sans longueur. Il renonce après 6,5 jours.'
    severity: 2
    query: loadTextContent('../queries/refused.kql')
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'silent'
    title: 'Source devenue muette'
    description: 'Une source n’envoie plus rien, aux heures où elle envoyait il y a une semaine.'
    severity: 2
    query: loadTextContent('../queries/silent.kql')
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'calendars-failed'
    title: 'Absences ou plages en retard'
    description: 'Les prochaines semaines d’absences ou de plages d’ouverture n’ont pas pu être écrites.'
    severity: 2
    query: loadTextContent('../queries/calendars-failed.kql')
    every: 'PT15M'
    // The timer that writes them runs every hour.
    window: 'PT2H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'watch-failed'
    title: 'Suivi dans Dynamics interrompu'
    description: 'Les incidents et l’état du connecteur ne s’écrivent plus dans Dynamics : plus de dix échecs en une heure.'
    severity: 2
    query: loadTextContent('../queries/watch-failed.kql')
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 10
  }
  {
    name: 'surprises'
    title: 'RDV-Solidarités a changé'
    description: 'Des champs ou des valeurs inconnus arrivent souvent : plus de vingt notifications en une journée.'
    severity: 3
    query: loadTextContent('../queries/surprises.kql')
    every: 'PT1H'
    window: 'P1D'
    operator: 'GreaterThan'
    threshold: 20
  }
  {
    name: 'quarantined'
    title: 'Notification mise en quarantaine'
    description: 'Une notification n’a pas pu être appliquée. Elle est gardée avec sa raison.'
    severity: 2
    query: loadTextContent('../queries/quarantined.kql')
    every: 'PT15M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'quarantine-expiring'
    title: 'Quarantaine bientôt effacée'
    description: 'La plus ancienne notification en quarantaine sera effacée dans moins de sept jours.'
    severity: 2
    query: loadTextContent('../queries/quarantine-expiring.kql')
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'throttled'
    title: 'Dataverse ralentit le connecteur'
    description: 'Plus de vingt réponses 429 en une heure. Baisser DATAVERSE_CONCURRENCY, ou voir qui d’autre charge l’environnement.'
    severity: 3
    query: loadTextContent('../queries/throttled.kql')
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 20
  }
  {
    name: 'daily-cap'
    title: 'Plafond de journaux atteint'
    description: 'L’espace de travail ne prend plus de journaux aujourd’hui : les autres alertes ne voient plus rien.'
    severity: 1
    query: loadTextContent('../queries/daily-cap.kql')
    every: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
]
