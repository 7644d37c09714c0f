// What somebody must look at: feedback that lags, events that can never be applied, a release that grows old, answers that fail.
@description('Required. The Application Insights component.')
param insightsName string

@description('Required. The app.')
param appName string

@description('Required. Who is told; empty: nobody.')
param email string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

// The meters' names are the code's; customMetrics holds sums and counts of each minute.
var rules = [
  {
    name: 'feedback-lags'
    text: 'Feedback takes longer than 30 seconds from the hub to the user\'s state.'
    query: 'customMetrics | where name == "feedback.lag" | summarize value = max(valueMax) / 1000'
    threshold: 30
    severity: 2
  }
  {
    name: 'dead-letters'
    text: 'Feedback came that can never be applied; GET /api/admin/dead-letters says why.'
    query: 'customMetrics | where name == "feedback.dead_letters" | summarize value = sum(valueSum)'
    threshold: 0
    severity: 3
  }
  {
    name: 'release-is-old'
    text: 'The release that serves is older than two days: rebuild and training do not get through.'
    query: 'customMetrics | where name == "serverlessrec.release.age" | summarize value = max(valueMax) / 3600'
    threshold: 48
    severity: 2
  }
]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource app 'Microsoft.Web/sites@2024-11-01' existing = {
  name: appName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'people'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'people'
    emailReceivers: [{ name: 'people', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: rule.name
  location: location
  tags: tags
  properties: {
    displayName: rule.name
    description: rule.text
    enabled: true
    severity: rule.severity
    scopes: [insights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: rule.query
          metricMeasureColumn: 'value'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: rule.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: empty(email) ? [] : [people.id] }
  }
}]

resource failures 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'answers-fail'
  location: 'global'
  tags: tags
  properties: {
    description: 'More than 20 answers in five minutes were 5xx.'
    enabled: true
    severity: 1
    scopes: [app.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'http5xx'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.Web/sites'
          metricName: 'Http5xx'
          operator: 'GreaterThan'
          threshold: 20
          timeAggregation: 'Total'
        }
      ]
    }
    actions: empty(email) ? [] : [{ actionGroupId: people.id }]
  }
}
