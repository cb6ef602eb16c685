BeforeDiscovery {
    $whyNoSshd = if ($IsWindows) { 'the servers of the tests are for Linux and macOS' } else { sh (Join-Path $PSScriptRoot '../Hosts/sshd.sh') check }
}

Describe 'A farm over SSH' -Skip:([bool]$whyNoSshd) {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')
        . (Join-Path $PSScriptRoot 'HostSession.ps1')
        # Connections that are idle serve the next test too.
        $servers = Start-TestServers 3

        # Ends a machine: its server, and all that the server started.
        function Stop-Machine($Servers, [int]$Index) {
            $all = @([int]((Get-Content (Join-Path $Servers.Folder 'ports'))[$Index] -split ' ')[1])
            for ($i = 0; $i -lt $all.Count; $i++) { $all += @(pgrep -P $all[$i]) }
            kill -KILL $all
        }

        function Get-Attempts($Run) {
            Invoke-StoreQuery $Run.DatabasePath "SELECT r.dag_nsref AS element, n.attempt AS attempt, n.status AS status, n.host AS host FROM node_executions n JOIN dag_runs r ON r.run_id = n.run_id WHERE r.parent_run_id = '$($Run.RunId)' ORDER BY r.dag_nsref, n.attempt"
        }
    }

    AfterAll {
        Stop-TestServers $servers
        Restore-TestSession
    }

    It 'takes no part of a machine that refuses, and counts no attempt of it' {
        $farm = @(New-TestHost $servers 0 @{ Port = 1 }) + @(New-TestHost $servers 1)
        $run = New-Dag refusing {
            Add-DagNode numbers { 1..6 }
            Add-DagNode work -After numbers -On $farm -Map { $_ }
        } | Invoke-Dag
        $run.Status | Should -Be completed
        $attempts = Get-Attempts $run
        $attempts.Count | Should -Be 6
        $attempts.host | Sort-Object -Unique | Should -Be $farm[1].Name
        $attempts.attempt | Sort-Object -Unique | Should -Be 1
    }

    It 'is not touched again by a restart where it was done, after its run was killed' {
        $database = New-DatabasePath
        $folder = (New-Item (Join-Path $TestDrive 'touched') -ItemType Directory).FullName
        $script = @"
`$servers = @{ Folder = '$($servers.Folder)'; Ports = [int[]]($($servers.Ports -join ', ')) }
function Get-TestAccess { ${function:Get-TestAccess} }
`$access = Get-TestAccess `$servers
`$folder = '$folder'
`$ports = `$servers.Ports
`$dag = New-Dag fleet {
    Add-DagNode servers { `$using:ports }
    Add-DagNode update -After servers -ThrottleLimit 1 -On { @{ HostName = "127.0.0.1:`$_" } + `$using:access } -Map {
        Add-Content (Join-Path `$using:folder "touched-`$_") `$DagContext.Attempt
        while (`$_ -eq (`$using:ports)[2] -and -not (Test-Path (Join-Path `$using:folder go))) { Start-Sleep -Milliseconds 50 }
        `$_
    }
}
"@
        $child = Start-ChildPwsh "$script`n`$dag | Invoke-Dag -DatabasePath '$database'"
        Wait-Until { Get-Content (Join-Path $folder "touched-$($servers.Ports[2])") -ErrorAction Ignore }
        $child.Kill()
        $child.WaitForExit()
        $null = New-Item (Join-Path $folder go)
        $said = Invoke-ChildPwsh "$script`n`$run = Get-DagRun -DatabasePath '$database' -First 1; `"`$(`$run.Status)`"; `$again = `$run | Restart-DagRun -Dag `$dag; `"`$(`$again.Status) `$(`$again.Outputs['update'])`""
        $said | Should -Be 'interrupted', "completed $($servers.Ports)"
        (Get-Content (Join-Path $folder "touched-$($servers.Ports[0])")).Count | Should -Be 1
        (Get-Content (Join-Path $folder "touched-$($servers.Ports[1])")).Count | Should -Be 1
        Get-Content (Join-Path $folder "touched-$($servers.Ports[2])") | Should -Be 1, 2
    }

    It 'runs the example' {
        $farm = 0..1 | ForEach-Object { New-TestHost $servers $_ }
        $database = New-DatabasePath
        $said = & (Join-Path $RepositoryRoot 'docs/examples/ssh-farm.ps1') $farm -Below 1000 -Parts 4 -DatabasePath $database
        $said[-1] | Should -Be '168 primes below 1000'
        $said[0..($said.Count - 2)] | ForEach-Object { $_ -replace ': \d+ parts$' } | Should -BeIn $farm.Name
    }

    It 'goes in batches, one machine first' {
        $ports = $servers.Ports
        $access = Get-TestAccess $servers
        $folder = (New-Item (Join-Path $TestDrive 'batches') -ItemType Directory).FullName
        $run = New-Dag rolling {
            Add-DagNode servers { $using:ports }
            Add-DagNode update -After servers -On { @{ HostName = "127.0.0.1:$_" } + $using:access } -Batch 1, '100%' -Map {
                Set-Content (Join-Path $using:folder $_) 1
                (Get-ChildItem $using:folder).Count
            }
        } | Invoke-Dag
        $run.Outputs['update'][0] | Should -Be 1
        $run.Outputs['update'].Count | Should -Be 3
    }

    It 'loses its PowerShells, servers and clients at random: nothing is lost, nothing that completed is done twice, and the caller lives' {
        $folder = (New-Item (Join-Path $TestDrive 'random') -ItemType Directory).FullName
        # Three of each, in random order.
        $victims = 0, 1, 2, 0, 1, 2, 0, 1, 2 | Get-Random -Shuffle
        $kills = 0..8 | ForEach-Object { 15 * $_ + (Get-Random -Maximum 15) }
        $said = Invoke-HostChild $servers @"
`$farm = 0..2 | ForEach-Object { New-TestHost `$servers `$_ }
`$kills = @($($kills -join ', ')); `$victims = @($($victims -join ', '))
`$run = New-Dag many {
    Add-DagNode numbers { 0..149 }
    Add-DagNode work -After numbers -On `$farm -Map {
        [IO.File]::AppendAllText("$folder/`$_-`$(`$DagContext.Attempt)", 'x')
        `$kill = [array]::IndexOf([int[]]`$using:kills, [int]`$_)
        if (`$kill -ge 0 -and `$DagContext.Attempt -eq 1) {
            kill -KILL `$((`$using:victims)[`$kill] -eq 0 ? `$PID : (`$using:victims)[`$kill] -eq 1 ? (ps -o ppid= -p `$PID).Trim() : (pgrep -P `$using:PID -x ssh | Get-Random)) 2>`$null
        }
        `$_
    }
} | Invoke-Dag
"`$(`$run.Status) `$(`$run.Outputs['work'])"
`$run.DatabasePath; `$run.RunId
"@
        $said[0] | Should -Be "completed $(0..149)"
        $rows = Invoke-StoreQuery $said[1] "SELECT r.dag_nsref AS element, n.attempt AS attempt, n.status AS status, n.error AS error, n.host AS host FROM node_executions n JOIN dag_runs r ON r.run_id = n.run_id WHERE r.parent_run_id = '$($said[2])' ORDER BY n.attempt"
        @($rows | Where-Object status -EQ completed).Count | Should -Be 150
        foreach ($row in $rows | Where-Object status -NE completed) {
            $row.error | Should -BeLike "DagHostUnreachable: The host '$($row.host)' is unreachable*"
        }
        # The last attempt of each element completed, and no code ran twice as one attempt.
        foreach ($element in $rows | Group-Object element) {
            $element.Group.attempt | Should -Be (1..$element.Count)
            $element.Group[-1].status | Should -Be completed
        }
        $began = Get-ChildItem $folder
        $began | Where-Object Length -NE 1 | Should -BeNullOrEmpty -Because 'a call is made once'
        $recorded = $rows.ForEach({ "$($_.element -replace '^.*\[(\d+)\]$', '$1')-$($_.attempt)" })
        $began.Name | Where-Object { $_ -notin $recorded } | Should -BeNullOrEmpty -Because 'what began is an attempt'
    }

    It 'loses a machine: every element is done, on its second attempt by another host' {
        $farm = 0..2 | ForEach-Object { New-TestHost $servers $_ }
        $folder = (New-Item (Join-Path $TestDrive 'begun') -ItemType Directory).FullName
        $lost = $farm[1].Name
        $job = New-Dag farm {
            Add-DagNode numbers { 1..12 }
            Add-DagNode work -After numbers -On $farm -Map {
                Set-Content (Join-Path $using:folder "$_-$($DagContext.Attempt)") $DagContext.HostName
                # Elements on the host that will be lost wait until it is lost.
                while ($DagContext.HostName -eq $using:lost) { Start-Sleep -Milliseconds 50 }
                $_ * 10
            }
        } | Invoke-Dag -AsJob
        Wait-Until { (Get-ChildItem $folder | Get-Content) -contains $lost }
        Stop-Machine $servers 1
        $run = $job | Wait-Job | Receive-Job
        $run.Status | Should -Be completed
        $run.Outputs['work'] | Should -Be (1..12).ForEach({ $_ * 10 })
        $attempts = Get-Attempts $run
        $done = $attempts | Where-Object status -EQ completed
        $done.Count | Should -Be 12
        $done.host | Should -Not -Contain $lost
        $again = @($attempts | Where-Object status -NE completed)
        $again.Count | Should -Be 1
        $again[0].host | Should -Be $lost
        ($done | Where-Object element -EQ $again[0].element).attempt | Should -Be 2
    }
}
