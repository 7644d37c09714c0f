using ServerlessRec.EndToEnd.Fixtures;

[assembly: AssemblyFixture(typeof(TrainedStore))]
