using Azure.Messaging.EventHubs;
using ServerlessRec.Azure.Clients;

namespace ServerlessRec.Azure.Feedback;

/// <summary>Says what the hub's client threw, in one line and without addresses.</summary>
internal static class EventHubFault
{
    public static string Describe(Exception fault) => fault switch
    {
        EventHubsException failed => $"{failed.Reason}",
        TimeoutException => "it did not answer in time",
        _ => ServiceFault.Describe(fault),
    };
}
