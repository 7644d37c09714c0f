using System.Net.Sockets;
using Azure;
using Azure.Identity;

namespace ServerlessRec.Azure.Clients;

/// <summary>Tells what a client threw because of the service, the network or the sign-in, and says it in one line.</summary>
internal static class ServiceFault
{
    /// <summary>Whether the store is to blame, and not its caller, who cancelled or passed something impossible.</summary>
    public static bool Is(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        RequestFailedException or AuthenticationFailedException or HttpRequestException or SocketException or IOException => true,
        AggregateException many => many.InnerExceptions.All(inner => Is(inner, cancellationToken)),
        _ => false,
    };

    /// <summary>Status and error code, or the network's own words.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        RequestFailedException { Status: > 0 } failed => $"the service answered {failed.Status} {failed.ErrorCode}".TrimEnd(),
        AggregateException many => $"{many.InnerExceptions.Count} tries failed, the last: {Describe(many.InnerExceptions[^1])}",
        OperationCanceledException => "the service did not answer in time",
        AuthenticationFailedException failed => $"signing in failed: {FirstLine(failed.Message)}",
        _ => FirstLine(exception.Message),
    };

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;
}
